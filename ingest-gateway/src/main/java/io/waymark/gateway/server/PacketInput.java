package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.wire.FrameCutter;
import io.waymark.gateway.wire.MalformedPacketException;
import io.waymark.gateway.wire.PacketDecoder;
import org.jspecify.annotations.Nullable;

/** Octets from one client to packets. What came while reading is paused is kept and decoded later. Event loop only. */
final class PacketInput {
    /** Takes what was decoded. */
    interface Receiver {
        /** Whether the next packet may be decoded now. */
        boolean mayDecode();

        /** Largest packet taken at this moment. */
        int packetBytesMax();

        /** The next packet. */
        void received(Packet packet);

        /** Whether a PINGREQ behind packets that cannot be decoded now is to be answered nevertheless. */
        boolean mayAnswerAhead();

        /** A PINGREQ came behind packets that cannot be decoded now. */
        void pinged();

        /** What came is no packet; nothing more is decoded. */
        void malformed(MalformedPacketException why);
    }

    private static final int PINGREQ_FIRST = 0xC0;
    private static final int PINGREQ_OCTETS = 2;

    private final PacketDecoder decoder = new PacketDecoder();
    private final Receiver receiver;
    private @Nullable ByteBuf unread;
    // Of what is unread: octets looked through for PINGREQ, and how many of these have been answered.
    private int ahead;
    private int answered;
    private boolean decoding;
    private boolean ended;

    PacketInput(Receiver receiver) {
        this.receiver = receiver;
    }

    ProtocolVersion version() {
        return decoder.version();
    }

    /** Whether this is called from within {@link Receiver#received}. */
    boolean isDecoding() {
        return decoding;
    }

    /** Whether a packet has begun and not yet come completely, or waits for a pause to end. */
    boolean hasUnread() {
        return unread != null;
    }

    /** Octets kept until they can be decoded. */
    int unreadOctets() {
        return unread == null ? 0 : unread.readableBytes();
    }

    /** More octets; takes them over. */
    void read(ByteBufAllocator allocator, ByteBuf octets) {
        if (ended) {
            octets.release();
            return;
        }
        ByteBuf kept = unread;
        unread = kept == null ? octets : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, kept, octets);
        decode();
    }

    /** Decodes what there is. */
    void decode() {
        if (decoding) {
            return;
        }
        decoding = true;
        try {
            for (ByteBuf in = unread; in != null && receiver.mayDecode(); in = unread) {
                int length = FrameCutter.lengthOf(in, receiver.packetBytesMax(), decoder.version());
                if (length == FrameCutter.UNKNOWN || length > in.readableBytes()) {
                    break;
                }
                Packet packet = decoder.decode(in, length);
                ahead = Math.max(0, ahead - length);
                if (answered > 0 && packet.type() == PacketType.PINGREQ) {
                    answered--;
                } else {
                    receiver.received(packet);
                }
            }
            lookAhead();
        } catch (MalformedPacketException e) {
            receiver.malformed(e);
        } finally {
            decoding = false;
        }
        releaseRead();
    }

    /** A client that waits for us must still hear that we are there. What is no packet is found when its turn comes. */
    private void lookAhead() {
        ByteBuf in = unread;
        if (in == null || ended || in.readableBytes() <= ahead || !receiver.mayAnswerAhead()) {
            return;
        }
        ByteBuf rest = in.slice(in.readerIndex() + ahead, in.readableBytes() - ahead);
        try {
            for (int length = lengthOf(rest);
                    length != FrameCutter.UNKNOWN && length <= rest.readableBytes();
                    length = lengthOf(rest)) {
                if (length == PINGREQ_OCTETS && (rest.getByte(rest.readerIndex()) & 0xFF) == PINGREQ_FIRST) {
                    answered++;
                    receiver.pinged();
                }
                rest.skipBytes(length);
                ahead += length;
            }
        } catch (MalformedPacketException e) {
            ahead = in.readableBytes();
        }
    }

    private int lengthOf(ByteBuf in) throws MalformedPacketException {
        return FrameCutter.lengthOf(in, receiver.packetBytesMax());
    }

    private void releaseRead() {
        ByteBuf in = unread;
        if (in != null && (ended || !in.isReadable())) {
            unread = null;
            in.release();
        }
    }

    /** Nothing more is decoded. */
    void end() {
        ended = true;
        if (!decoding) {
            releaseRead();
        }
    }
}
