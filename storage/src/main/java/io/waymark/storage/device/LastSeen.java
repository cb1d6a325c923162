package io.waymark.storage.device;

/**
 * When and how a device was last there.
 *
 * @param connected whether it was connected when this was written; after a restart it no longer is
 * @param sinceMillis since when it is or is not, milliseconds since 1970 UTC
 * @param address peer of its last connection, with port
 * @param protocol of its last connection
 * @param clientId of its last connection
 * @param lastMessageMillis of its last message, milliseconds since 1970 UTC; 0 = none known
 */
public record LastSeen(
        boolean connected, long sinceMillis, String address, String protocol, String clientId, long lastMessageMillis) {
    static final int VERSION = 1;

    /**
     * <pre>
     * off 0  u1 version = 1
     *     1  u1 1 = connected
     *     2  i8 since, i8 last message, milliseconds since 1970 UTC
     *    18  u2 length + address, protocol, client identifier (UTF-8)
     * </pre>
     */
    byte[] encode() {
        return new Layout.Writer()
                .u1(VERSION)
                .u1(connected ? 1 : 0)
                .i8(sinceMillis)
                .i8(lastMessageMillis)
                .text("address", address)
                .text("protocol", protocol)
                .text("client identifier", clientId)
                .octets();
    }

    /** @throws IllegalArgumentException if the octets are none */
    static LastSeen decode(byte[] stored) {
        return Layout.read(stored, VERSION, (in, version) -> {
            boolean connected = in.get() != 0;
            long since = in.getLong();
            long message = in.getLong();
            return new LastSeen(connected, since, Layout.text(in), Layout.text(in), Layout.text(in), message);
        });
    }
}
