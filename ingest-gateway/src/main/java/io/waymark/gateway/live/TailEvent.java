package io.waymark.gateway.live;

/**
 * Something that happened to a device.
 *
 * @param atMillis when, milliseconds since 1970 UTC
 * @param deviceId whose
 * @param group its group
 * @param kind {@code message} from it, {@code command} for it, {@code connected}, {@code disconnected} or {@code refused}
 * @param topic of a message or command, else empty
 * @param qos of a message
 * @param retain whether the message is to be retained
 * @param size octets of the message's payload
 * @param head the first of them, {@value LiveTail#HEAD_MAX} at most; not to be changed
 * @param detail of what is no message
 */
public record TailEvent(
        long atMillis,
        String deviceId,
        String group,
        String kind,
        String topic,
        int qos,
        boolean retain,
        int size,
        byte[] head,
        String detail) {
    /** What a message is called. */
    public static final String MESSAGE = "message";
    /** What a command on its way to the device is called. */
    public static final String COMMAND = "command";

    /** Whether it has a topic and a payload. */
    public boolean hasPayload() {
        return kind.equals(MESSAGE) || kind.equals(COMMAND);
    }
}
