package io.waymark.trace.event;

/** How an event relates to the life of the things it names (EPCIS 2.0 §7.3.2). */
public enum Action {
    /** They came into being. */
    ADD,
    /** They were seen. */
    OBSERVE,
    /** They ceased to be. */
    DELETE
}
