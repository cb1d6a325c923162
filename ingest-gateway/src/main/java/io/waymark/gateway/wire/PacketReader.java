package io.waymark.gateway.wire;

import static io.waymark.gateway.wire.MalformedPacketException.malformed;
import static io.waymark.gateway.wire.MalformedPacketException.protocolError;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads the data types of MQTT from one packet and never past its end. One per connection, reused; not for several threads.
 *
 * @see "MQTT 5.0 §1.5"
 */
final class PacketReader {
    private static final byte[] NO_OCTETS = new byte[0];

    // A view of one packet, set by wrap.
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int end;

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);

    void wrap(ByteBuf buffer, int length) {
        in = buffer;
        end = buffer.readerIndex() + length;
    }

    void unwrap() {
        in = Unpooled.EMPTY_BUFFER;
        end = 0;
    }

    int remaining() {
        return end - in.readerIndex();
    }

    /** Until {@link #widen} the packet ends after so many octets; what to widen it by. */
    int narrow(int octets) {
        int behind = remaining() - octets;
        end -= behind;
        return behind;
    }

    void widen(int octets) {
        end += octets;
    }

    void require(int octets) throws MalformedPacketException {
        if (octets > remaining()) {
            throw malformed("packet ends " + (octets - remaining()) + " octets too early");
        }
    }

    void requireEnd() throws MalformedPacketException {
        if (remaining() != 0) {
            throw malformed("packet has " + remaining() + " octets left over");
        }
    }

    int u8() throws MalformedPacketException {
        require(1);
        return in.readUnsignedByte();
    }

    int u16() throws MalformedPacketException {
        require(2);
        return in.readUnsignedShort();
    }

    long u32() throws MalformedPacketException {
        require(4);
        return in.readUnsignedInt();
    }

    int packetId() throws MalformedPacketException {
        int id = u16();
        if (id == 0) {
            throw protocolError("packet identifier must be in 1..65535 but was 0");
        }
        return id;
    }

    int varint() throws MalformedPacketException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int octet = u8();
            value |= (octet & 0x7F) << (7 * i);
            if (octet < 0x80) {
                if (octet == 0 && i > 0) {
                    throw malformed("variable byte integer " + value + " must be in its shortest form");
                }
                return value;
            }
        }
        throw malformed("variable byte integer must have at most 4 octets");
    }

    byte[] octets(int length) throws MalformedPacketException {
        require(length);
        if (length == 0) {
            return NO_OCTETS;
        }
        byte[] octets = new byte[length];
        in.readBytes(octets);
        return octets;
    }

    byte[] binary() throws MalformedPacketException {
        return octets(u16());
    }

    byte[] rest() throws MalformedPacketException {
        return octets(remaining());
    }

    /** A UTF-8 string: no surrogates, no overlong forms, no U+0000. */
    String text(String what) throws MalformedPacketException {
        return text(binary(), what);
    }

    String text(byte[] octets, String what) throws MalformedPacketException {
        return isPlain(octets) ? new String(octets, StandardCharsets.ISO_8859_1) : decode(octets, what);
    }

    private static boolean isPlain(byte[] octets) {
        for (byte octet : octets) {
            if (octet <= 0) {
                return false;
            }
        }
        return true;
    }

    private String decode(byte[] octets, String what) throws MalformedPacketException {
        try {
            String text = utf8.decode(ByteBuffer.wrap(octets)).toString();
            if (text.indexOf('\0') >= 0) {
                throw malformed(what + " must not hold U+0000");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw malformed(what + " must be well-formed UTF-8");
        }
    }

    /** Whether the next text field has exactly these octets; if so it is consumed. */
    boolean skipTextIf(byte[] expected) throws MalformedPacketException {
        require(2);
        int at = in.readerIndex();
        int length = in.getUnsignedShort(at);
        if (length != expected.length || length > remaining() - 2) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (in.getByte(at + 2 + i) != expected[i]) {
                return false;
            }
        }
        in.skipBytes(2 + length);
        return true;
    }
}
