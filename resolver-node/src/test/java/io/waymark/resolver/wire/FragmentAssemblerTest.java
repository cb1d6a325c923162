package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.wire.FragmentAssembler.Limits;
import io.waymark.resolver.wire.FragmentAssembler.Outcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FragmentAssemblerTest {
    private static final InetSocketAddress ALICE = new InetSocketAddress("127.0.0.1", 1000);
    private static final InetSocketAddress BOB = new InetSocketAddress("127.0.0.2", 1000);
    private static final long SECOND = 1_000_000_000L;

    private final FragmentAssembler assembler = new FragmentAssembler(new Limits(3, 2, 3000, 5 * SECOND));

    private static byte[] frame(int requestId, int handleBytes) {
        return ClientCodec.resolution(
                requestId, OpFlags.DEFAULT_REQUEST, 1, "1/" + "x".repeat(handleBytes), List.of(), new int[0]);
    }

    private static List<byte[]> datagrams(byte[] frame) {
        List<byte[]> datagrams = new ArrayList<>();
        ByteBuf whole = Unpooled.wrappedBuffer(frame);
        DatagramSlicer.slice(whole, UnpooledByteBufAllocator.DEFAULT, slice -> {
            datagrams.add(ByteBufUtil.getBytes(slice));
            slice.release();
        });
        return datagrams;
    }

    private Outcome add(InetSocketAddress source, byte[] datagram, long now) throws MalformedMessageException {
        Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(datagram));
        return assembler.add(source, envelope, Arrays.copyOfRange(datagram, 20, datagram.length), now);
    }

    @Test
    void cutsIntoSlicesOf492WithTheEnvelopeOnEach() {
        List<byte[]> datagrams = datagrams(frame(7, 1200));

        assertThat(datagrams).hasSize(3);
        assertThat(datagrams.get(0)).hasSize(512);
        for (int n = 0; n < 3; n++) {
            ByteBuffer envelope = ByteBuffer.wrap(datagrams.get(n));
            assertThat(envelope.get(2) & Envelope.TRUNCATED).isNotZero();
            assertThat(envelope.getInt(8)).isEqualTo(7);
            assertThat(envelope.getInt(12)).isEqualTo(n);
            assertThat(envelope.getInt(16)).isEqualTo(frame(7, 1200).length - 20);
        }
    }

    @Test
    void assemblesInAnyOrderAndIgnoresRepeats() throws Exception {
        byte[] frame = frame(7, 1200);
        List<byte[]> datagrams = datagrams(frame);
        datagrams.add(datagrams.get(1));
        Collections.shuffle(datagrams.subList(0, 2), new Random(1));

        assertThat(add(ALICE, datagrams.get(0), 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(ALICE, datagrams.get(0), 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(ALICE, datagrams.get(1), 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(ALICE, datagrams.get(2), 0)).isEqualTo(Outcome.COMPLETE);
        assertThat(assembler.take()).isEqualTo(Arrays.copyOfRange(frame, 20, frame.length));
        assertThat(assembler.pending()).isZero();
        assertThat(assembler.pendingBytes()).isZero();
    }

    @Test
    void keepsSourcesApart() throws Exception {
        List<byte[]> datagrams = datagrams(frame(7, 600));

        assertThat(add(ALICE, datagrams.get(0), 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(BOB, datagrams.get(1), 0)).isEqualTo(Outcome.WAITING);
        assertThat(assembler.pending()).isEqualTo(2);
    }

    @Test
    void refusesMoreThanASourcesShare() throws Exception {
        add(ALICE, datagrams(frame(1, 600)).get(0), 0);
        add(ALICE, datagrams(frame(2, 600)).get(0), 0);

        assertThat(add(ALICE, datagrams(frame(3, 600)).get(0), 0)).isEqualTo(Outcome.REFUSED);
        assertThat(add(BOB, datagrams(frame(3, 600)).get(0), 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(
                        new InetSocketAddress("127.0.0.3", 1),
                        datagrams(frame(3, 600)).get(0),
                        0))
                .as("the table is full")
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void refusesMoreThanItsBytes() throws Exception {
        List<byte[]> datagrams = datagrams(frame(1, 1990));
        List<byte[]> others = datagrams(frame(2, 1990));
        for (int n = 0; n < 3; n++) {
            assertThat(add(ALICE, datagrams.get(n), 0)).isEqualTo(Outcome.WAITING);
            assertThat(add(BOB, others.get(n), 0)).isEqualTo(Outcome.WAITING);
        }

        assertThat(add(ALICE, datagrams.get(3), 0)).isEqualTo(Outcome.REFUSED);
        assertThat(assembler.pendingBytes()).isEqualTo(6 * 492);
    }

    @Test
    void forgetsWhatIsOld() throws Exception {
        add(ALICE, datagrams(frame(1, 600)).get(0), 0);
        add(ALICE, datagrams(frame(2, 600)).get(0), 0);

        assertThat(add(ALICE, datagrams(frame(3, 600)).get(0), 5 * SECOND)).isEqualTo(Outcome.WAITING);
        assertThat(assembler.pending()).isEqualTo(1);
        assertThat(assembler.pendingBytes()).isEqualTo(492);
    }

    @Test
    void refusesImpossibleSlices() throws Exception {
        byte[] datagram = datagrams(frame(1, 600)).get(0);
        byte[] negative = ByteBuffer.wrap(datagram.clone()).putInt(12, -1).array();
        byte[] beyond = ByteBuffer.wrap(datagram.clone()).putInt(12, 2).array();
        byte[] short1 = Arrays.copyOf(datagram, 500);
        byte[] otherTotal = ByteBuffer.wrap(datagram.clone()).putInt(16, 900).array();

        assertThat(add(ALICE, negative, 0)).isEqualTo(Outcome.MALFORMED);
        assertThat(add(ALICE, beyond, 0)).isEqualTo(Outcome.MALFORMED);
        assertThat(add(ALICE, short1, 0)).isEqualTo(Outcome.MALFORMED);
        assertThat(add(ALICE, datagram, 0)).isEqualTo(Outcome.WAITING);
        assertThat(add(ALICE, otherTotal, 0)).isEqualTo(Outcome.MALFORMED);
    }
}
