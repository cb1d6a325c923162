package io.waymark.trace.event;

/** Shows tests of other packages the text that is hashed. */
public final class EventHashText {
    private EventHashText() {}

    public static String of(ObjectEvent event) {
        return EventHash.preHash(event);
    }
}
