package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.admin.HandleKeys;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.RequestMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Whatever comes in, nothing comes out but a message or the declared exception. */
class DecodersFuzzTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    @FuzzTest
    void requestDecoder(byte[] frame) {
        try {
            Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
            RequestMessage message =
                    RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, EnvelopeCodec.BYTES, frame.length));
            assertThat(message.headerAndBody().length)
                    .isEqualTo(HeaderCodec.BYTES + message.header().bodyLength());
        } catch (MalformedMessageException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @FuzzTest
    void clientCodec(byte[] frame) {
        try {
            assertThat(ClientCodec.decode(frame).values()).isNotNull();
        } catch (MalformedMessageException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @FuzzTest
    void credentialCodec(byte[] octets) {
        try {
            CredentialCodec.decode(ByteBuffer.wrap(octets));
        } catch (MalformedMessageException e) {
            assertThat(e.reason()).isEqualTo(MalformedMessageException.Reason.CREDENTIAL);
        }
    }

    @FuzzTest
    void handleKeys(byte[] octets) {
        try {
            assertThat(HandleKeys.decode(octets).numbers()).hasSizeLessThanOrEqualTo(4);
        } catch (MalformedRecordException e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void fragmentAssembler(byte[] octets) {
        FragmentAssembler assembler = new FragmentAssembler(new FragmentAssembler.Limits(4, 2, 4096, 1_000_000));
        ByteBuffer in = ByteBuffer.wrap(octets);
        long now = 0;
        while (in.remaining() > EnvelopeCodec.BYTES) {
            try {
                Envelope envelope = EnvelopeCodec.decode(in);
                byte[] slice = new byte[Math.min(in.remaining(), envelope.sequence() & 0x1ff)];
                in.get(slice);
                if (assembler.add(SOURCE, envelope, slice, now += 1000) == FragmentAssembler.Outcome.COMPLETE) {
                    assertThat(assembler.take()).hasSize(envelope.messageLength());
                }
            } catch (MalformedMessageException e) {
                assertThat(e.reason()).isNotNull();
            }
            assertThat(assembler.pending()).isBetween(0, 4);
            assertThat(assembler.pendingBytes()).isBetween(0, 4096);
        }
    }
}
