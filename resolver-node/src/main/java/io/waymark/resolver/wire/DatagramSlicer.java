package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.waymark.resolver.message.Envelope;
import java.util.function.Consumer;

/**
 * Cuts a message into datagrams of at most {@value EnvelopeCodec#SLICE_BYTES} octets, each with the envelope.
 *
 * @see "RFC 3652 §2.3 Message Transmission"
 */
public final class DatagramSlicer {
    private DatagramSlicer() {}

    /**
     * Cuts.
     *
     * @param frame the message, envelope first; borrowed, its indexes stay
     * @param out owns each slice from then on
     */
    public static void slice(ByteBuf frame, ByteBufAllocator allocator, Consumer<ByteBuf> out) {
        int start = frame.readerIndex();
        int messageBytes = frame.readableBytes() - EnvelopeCodec.BYTES;
        int slices = FragmentAssembler.slicesOf(messageBytes);
        for (int n = 0; n < slices; n++) {
            int from = n * EnvelopeCodec.SLICE_BYTES;
            int bytes = Math.min(EnvelopeCodec.SLICE_BYTES, messageBytes - from);
            ByteBuf slice = allocator.directBuffer(EnvelopeCodec.BYTES + bytes);
            slice.writeBytes(frame, start, EnvelopeCodec.BYTES);
            slice.writeBytes(frame, start + EnvelopeCodec.BYTES + from, bytes);
            slice.setByte(EnvelopeCodec.FLAGS_OFFSET, slice.getByte(EnvelopeCodec.FLAGS_OFFSET) | Envelope.TRUNCATED);
            slice.setInt(EnvelopeCodec.SEQUENCE_OFFSET, n);
            out.accept(slice);
        }
    }
}
