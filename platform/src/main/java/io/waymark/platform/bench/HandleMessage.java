package io.waymark.platform.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A resolution request as octets, and the few fields of an answer a load generator looks at.
 *
 * @see "RFC 3652 §2.2 Common Elements of the Handle Protocol, §3.2 Query and Response"
 */
final class HandleMessage {
    /** Octets of the envelope. */
    static final int ENVELOPE = 20;
    /** Most octets of a message in one datagram. */
    static final int SLICE = 492;
    /** Response code of a resolution that found something. */
    static final int SUCCESS = 1;

    private static final int HEADER = 24;
    private static final int REQUEST_ID = 8;
    private static final int SEQUENCE = 12;
    private static final int MESSAGE_LENGTH = 16;
    private static final int RESPONSE_CODE = ENVELOPE + 4;
    private static final int MESSAGE_MAX = 262_144;
    private static final int OP_RESOLUTION = 1;
    private static final int FLAGS_RECU_CACR_PUBL = 0x19000000;
    private static final int VERSION_2_11_TWICE = 0x020b020b;
    private static final int EXPIRES_AFTER_SECONDS = 12 * 3600;

    private final byte[] filter;
    private final int expirationSeconds;

    /**
     * @param types only values of these types; with indexes empty too: all values
     * @param indexes only values with these indexes
     * @param nowSeconds seconds since 1970 UTC
     */
    HandleMessage(List<String> types, List<Integer> indexes, long nowSeconds) {
        this.filter = filter(types, indexes);
        this.expirationSeconds = (int) (nowSeconds + EXPIRES_AFTER_SECONDS);
    }

    private static byte[] filter(List<String> types, List<Integer> indexes) {
        int length = 8 + 4 * indexes.size();
        for (String type : types) {
            length += 4 + type.getBytes(StandardCharsets.UTF_8).length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(indexes.size());
        indexes.forEach(out::putInt);
        out.putInt(types.size());
        for (String type : types) {
            byte[] utf8 = type.getBytes(StandardCharsets.UTF_8);
            out.putInt(utf8.length).put(utf8);
        }
        return out.array();
    }

    /** No request for such a name is longer. */
    int maxBytes(Names names) {
        return ENVELOPE + HEADER + 4 + names.maxBytes() + filter.length + 4;
    }

    /** Appends one request. */
    void put(ByteBuffer out, int requestId, Names names) {
        int start = out.position();
        out.putInt(VERSION_2_11_TWICE).putInt(0).putInt(requestId).putInt(0).putInt(0);
        out.putInt(OP_RESOLUTION).putInt(0).putInt(FLAGS_RECU_CACR_PUBL);
        out.putShort((short) 1).putShort((short) 0).putInt(expirationSeconds).putInt(0);
        int body = out.position();
        out.putInt(0);
        names.putNext(out);
        out.putInt(body, out.position() - body - 4);
        out.put(filter);
        out.putInt(body - 4, out.position() - body);
        out.putInt(0);
        out.putInt(start + MESSAGE_LENGTH, out.position() - start - ENVELOPE);
    }

    static int requestId(ByteBuffer in, int at) {
        return in.getInt(at + REQUEST_ID);
    }

    /** Which datagram of the message this is, from 0. */
    static int sequence(ByteBuffer in, int at) {
        return in.getInt(at + SEQUENCE);
    }

    /** Octets behind the envelope, in all datagrams together; -1 if the field cannot be true. */
    static int messageLength(ByteBuffer in, int at) {
        int length = in.getInt(at + MESSAGE_LENGTH);
        return length < HEADER || length > MESSAGE_MAX ? -1 : length;
    }

    static int responseCode(ByteBuffer in, int at) {
        return in.getInt(at + RESPONSE_CODE);
    }

    /** The code as people call it. */
    static String describe(int responseCode) {
        return switch (responseCode) {
            case 2 -> "ERROR (2)";
            case 3 -> "SERVER_TOO_BUSY (3)";
            case 4 -> "PROTOCOL_ERROR (4)";
            case 5 -> "OPERATION_NOT_SUPPORTED (5)";
            case 100 -> "HANDLE_NOT_FOUND (100)";
            case 102 -> "INVALID_HANDLE (102)";
            case 200 -> "VALUES_NOT_FOUND (200)";
            case 301 -> "SERVER_NOT_RESPONSIBLE (301)";
            case 302 -> "SERVICE_REFERRAL (302)";
            case 303 -> "PREFIX_REFERRAL (303)";
            case 402 -> "AUTHENTICATION_NEEDED (402)";
            default -> "response code " + responseCode;
        };
    }
}
