package io.waymark.gateway.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.waymark.gateway.packet.Packet;
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

        /** What came is no packet; nothing more is decoded. */
        void malformed(MalformedPacketException why);
    }

    private final PacketDecoder decoder = new PacketDecoder();
    private final Receiver receiver;
    private @Nullable ByteBuf unread;
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
                receiver.received(decoder.decode(in, length));
            }
        } catch (MalformedPacketException e) {
            receiver.malformed(e);
        } finally {
            decoding = false;
        }
        releaseRead();
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
