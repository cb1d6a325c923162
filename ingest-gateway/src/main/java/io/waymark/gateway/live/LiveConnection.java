package io.waymark.gateway.live;

/** A connection as changes of the registry reach it. Any thread; must not block. */
public interface LiveConnection {
    /**
     * Its device may not be connected any more.
     *
     * @param why for the client
     * @param forgotten whether the device is deleted, so that its session is to end too
     */
    void dismiss(String why, boolean forgotten);

    /** What it may do has changed. */
    void refresh();
}
