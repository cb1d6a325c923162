package io.waymark.storage.spool;

/** How much room the spool's file system has, against what the spool keeps free there. */
public enum DiskRoom {
    /** More than twice the reserve. */
    AMPLE,
    /** Less than twice the reserve; everything is taken still. */
    LOW,
    /** The reserve is reached: no message is taken until there is room again. */
    RESERVED
}
