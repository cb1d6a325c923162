package io.waymark.storage.session;

import io.waymark.storage.StorageException;
import io.waymark.storage.rocks.ColumnFamily;
import io.waymark.storage.rocks.Cursor;
import io.waymark.storage.rocks.RocksBatch;
import io.waymark.storage.rocks.RocksStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sessions on disk, big-endian.
 *
 * <pre>
 * sessions  key:   u2 length + client identifier (UTF-8)
 *           value: u1 version = 1, then the state, opaque
 * qos2      key:   u2 length + client identifier (UTF-8), u2 packet identifier
 *           value: empty
 * </pre>
 *
 * <p>Both families sort by client in the same order, and the length in front keeps one client's keys from mixing with
 * those of a client whose identifier it begins. Changes go into the caller's batch; reading is for the start.
 *
 * @see "MQTT 5.0 §4.1 Session State"
 */
public final class SessionTable {
    /** Name of the family of session records. */
    public static final String SESSIONS = "sessions";
    /** Name of the family of inbound QoS 2 packet identifiers. */
    public static final String QOS2 = "qos2";
    /** Longest client identifier, in UTF-8 bytes. */
    public static final int CLIENT_ID_BYTES_MAX = 0xffff;

    private static final int VERSION = 1;
    private static final int PACKET_ID_MAX = 0xffff;
    private static final byte[] EMPTY = {};

    /** Receives a session found on disk. */
    public interface Visitor {
        /** State is empty if only packet identifiers were stored; these ascend. */
        void visit(String clientId, byte[] state, int[] qos2PacketIds);
    }

    private final RocksStore store;
    private final ColumnFamily sessions;
    private final ColumnFamily qos2;

    /** A view on the two families of an open store. */
    public SessionTable(RocksStore store) {
        this.store = store;
        this.sessions = store.family(SESSIONS);
        this.qos2 = store.family(QOS2);
    }

    /** Stores the session's own record. */
    public void put(RocksBatch batch, String clientId, byte[] state) {
        byte[] value = ByteBuffer.allocate(1 + state.length)
                .put((byte) VERSION)
                .put(state)
                .array();
        batch.put(sessions, clientKey(clientId), value);
    }

    /** Forgets record and packet identifiers. */
    public void delete(RocksBatch batch, String clientId) {
        batch.delete(sessions, clientKey(clientId));
        batch.deleteRange(qos2, packetKey(clientId, 0), packetKey(clientId, PACKET_ID_MAX));
        batch.delete(qos2, packetKey(clientId, PACKET_ID_MAX));
    }

    /** Remembers a packet identifier. */
    public void addQos2(RocksBatch batch, String clientId, int packetId) {
        batch.put(qos2, packetKey(clientId, packetId), EMPTY);
    }

    /** Forgets a packet identifier. */
    public void removeQos2(RocksBatch batch, String clientId, int packetId) {
        batch.delete(qos2, packetKey(clientId, packetId));
    }

    /** Refuses what has no place in the layout. */
    public static void check(String clientId) {
        int length = clientId.getBytes(StandardCharsets.UTF_8).length;
        if (length > CLIENT_ID_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "client identifier must be at most " + CLIENT_ID_BYTES_MAX + " bytes but was " + length);
        }
    }

    /** Refuses packet identifiers outside 1..65535. */
    public static void checkPacketId(int packetId) {
        if (packetId < 1 || packetId > PACKET_ID_MAX) {
            throw new IllegalArgumentException(
                    "packet identifier must be in 1.." + PACKET_ID_MAX + " but was " + packetId);
        }
    }

    /** Every client that has a record or packet identifiers: one walk over both families side by side. */
    public void visit(Visitor visitor) {
        try (Cursor records = store.cursor(sessions);
                Cursor packets = store.cursor(qos2)) {
            boolean record = records.seekFirst();
            boolean packet = packets.seekFirst();
            while (record || packet) {
                byte[] recordClient = record ? records.key() : EMPTY;
                byte[] packetClient = packet ? client(packets.key()) : EMPTY;
                byte[] client = !packet || (record && Arrays.compareUnsigned(recordClient, packetClient) <= 0)
                        ? recordClient
                        : packetClient;
                byte[] state = EMPTY;
                if (record && Arrays.equals(client, recordClient)) {
                    state = state(client, records.value());
                    record = records.next();
                }
                IntStream.Builder ids = IntStream.builder();
                while (packet && Arrays.equals(client, client(packets.key()))) {
                    ids.add(packetId(packets.key()));
                    packet = packets.next();
                }
                visitor.visit(clientId(client), state, ids.build().toArray());
            }
        }
    }

    private byte[] state(byte[] client, byte[] value) {
        if (value.length < 1 || value[0] != VERSION) {
            throw new StorageException("session of client " + clientId(client) + " in " + store.directory()
                    + " has a layout other than version " + VERSION);
        }
        return Arrays.copyOfRange(value, 1, value.length);
    }

    private static byte[] clientKey(String clientId) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + id.length)
                .putShort((short) id.length)
                .put(id)
                .array();
    }

    private static byte[] packetKey(String clientId, int packetId) {
        byte[] client = clientKey(clientId);
        return ByteBuffer.allocate(client.length + 2)
                .put(client)
                .putShort((short) packetId)
                .array();
    }

    private static byte[] client(byte[] packetKey) {
        return Arrays.copyOf(packetKey, packetKey.length - 2);
    }

    private static int packetId(byte[] packetKey) {
        return ByteBuffer.wrap(packetKey).getShort(packetKey.length - 2) & 0xffff;
    }

    private static String clientId(byte[] clientKey) {
        return new String(clientKey, 2, clientKey.length - 2, StandardCharsets.UTF_8);
    }
}
