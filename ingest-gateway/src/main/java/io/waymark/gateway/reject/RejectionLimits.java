package io.waymark.gateway.reject;

/**
 * How much of what is refused is kept. Over a bound it is only counted.
 *
 * @param whose of whom
 * @param messagesPerSecond of one device group
 * @param bytesPerSecond of one device group, with what surrounds the payload
 * @param payloadBytesMax of one message; the rest is cut off and its length told
 * @param waitingBytesMax of all that wait in the spool for Kafka
 */
public record RejectionLimits(
        Whose whose, int messagesPerSecond, long bytesPerSecond, int payloadBytesMax, long waitingBytesMax) {
    /** Whose refused messages are kept. */
    public enum Whose {
        /** Nobody's. */
        NONE,
        /** Those of devices that have proved who they are, of bridges and of the operator. */
        AUTHENTICATED,
        /** Those of anonymous clients too. */
        ALL
    }

    /** Of those who are known: 20 messages and 128 KiB a second and group, 64 KiB of each, 64 MiB in all. */
    public static RejectionLimits defaults() {
        return new RejectionLimits(Whose.AUTHENTICATED, 20, 128 << 10, 64 << 10, 64 << 20);
    }

    boolean allows(boolean proven) {
        return switch (whose) {
            case NONE -> false;
            case AUTHENTICATED -> proven;
            case ALL -> true;
        };
    }
}
