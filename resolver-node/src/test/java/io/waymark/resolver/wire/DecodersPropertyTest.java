package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Credential;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.Header;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every operation's message, damaged in every way chance finds, is a message or the declared exception. */
class DecodersPropertyTest {
    private static byte[] message(int opCode, byte[] body, byte[] credential) {
        int length = HeaderCodec.BYTES + body.length + credential.length;
        ByteBuffer out = ByteBuffer.allocate(EnvelopeCodec.BYTES + length);
        EnvelopeCodec.encode(new Envelope(ProtocolVersion.NEWEST, 0, ProtocolVersion.NEWEST, 3, 5, 0, length), out);
        HeaderCodec.encode(new Header(opCode, 0, OpFlags.DEFAULT_REQUEST, 1, 0, Integer.MAX_VALUE, body.length), out);
        return out.put(body).put(credential).array();
    }

    private static byte[] body(Object... parts) {
        ByteBuffer out = ByteBuffer.allocate(4096);
        for (Object part : parts) {
            if (part instanceof String text) {
                Octets.putBytes(out, text.getBytes(StandardCharsets.UTF_8));
            } else if (part instanceof Integer number) {
                out.putInt(number);
            } else if (part instanceof Short number) {
                out.putShort(number);
            } else {
                out.put((byte[]) part);
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static List<byte[]> examples() {
        byte[] values = io.waymark.identifier.handle.HandleValueCodec.encodeList(
                List.of(HandleValue.text(1, "URL", "https://a.example/", 0), HandleValue.text(2, "N", "x", 0)));
        byte[] mac = CredentialCodec.encode(new Credential(1, Credential.MAC, "HMAC-SHA256", new byte[32]));
        byte[] none = new byte[4];
        return List.of(
                message(OpCode.RESOLUTION.code(), body("1/A", 1, 100, 2, "URL", "N"), none),
                message(OpCode.GET_SITE_INFO.code(), body("/"), none),
                message(OpCode.CREATE_HANDLE.code(), body("1/A", values), mac),
                message(OpCode.ADD_VALUE.code(), body("1/A", values), none),
                message(OpCode.REMOVE_VALUE.code(), body("1/A", 2, 1, 2), mac),
                message(OpCode.DELETE_HANDLE.code(), body("1/A"), none),
                message(OpCode.RESPONSE_TO_CHALLENGE.code(), body("HS_SECKEY", "1/ADMIN", 300, "proof"), none),
                message(OpCode.SESSION_SETUP.code(), body((short) 4, 60, "1/ADMIN", 300, "key", (short) 0), none),
                message(4711, new byte[9], none));
    }

    private static void decode(byte[] frame) {
        try {
            Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
            RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, EnvelopeCodec.BYTES, frame.length));
        } catch (MalformedMessageException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(e.getStackTrace()).isEmpty();
        }
    }

    @Test
    void readsEveryOperation() throws Exception {
        for (byte[] frame : examples()) {
            Envelope envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
            int opCode = ByteBuffer.wrap(frame).getInt(20);
            var message = RequestDecoder.decode(envelope, Arrays.copyOfRange(frame, 20, frame.length));
            assertThat(message.header().opCode()).isEqualTo(opCode);
            assertThat(message.request().kind().name())
                    .isEqualTo(
                            switch (opCode) {
                                case 1 -> "RESOLUTION";
                                case 2 -> "GET_SITE_INFO";
                                case 100, 102 -> "WRITE_VALUES";
                                case 103 -> "REMOVE_VALUES";
                                case 101 -> "NAME_OPERATION";
                                case 200 -> "CHALLENGE_ANSWER";
                                case 400 -> "SESSION_SETUP";
                                default -> "UNSUPPORTED";
                            });
        }
    }

    @Test
    void survivesDamage() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<byte[]> examples = examples();
        for (int i = 0; i < 50_000; i++) {
            byte[] frame = examples.get(i % examples.size()).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(frame.length);
                frame[at] =
                        random.nextBoolean() ? (byte) random.nextInt() : (byte) (frame[at] ^ 1 << random.nextInt(8));
            }
            decode(random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 8)) : frame);
        }
    }

    @Test
    void survivesEveryTruncation() {
        for (byte[] frame : examples()) {
            for (int length = EnvelopeCodec.BYTES; length < frame.length; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                ByteBuffer.wrap(cut).putInt(16, length - EnvelopeCodec.BYTES);
                decode(cut);
            }
        }
    }

    @Test
    void refusesCountsThatCannotBe() {
        byte[] huge = message(OpCode.RESOLUTION.code(), body("1/A", 0x7fffffff), new byte[4]);
        Envelope envelope = new Envelope(ProtocolVersion.NEWEST, 0, ProtocolVersion.NEWEST, 0, 1, 0, huge.length - 20);

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> RequestDecoder.decode(envelope, Arrays.copyOfRange(huge, 20, huge.length)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("index count must be in 0..0 but was 2147483647");
    }

    @Test
    void writesAndReadsCredentials() throws Exception {
        Credential credential = new Credential(7, Credential.SIGNED, "SHA-256", new byte[] {1, 2, 3});
        Optional<Credential> read = CredentialCodec.decode(ByteBuffer.wrap(CredentialCodec.encode(credential)));

        assertThat(read.orElseThrow().signature()).containsExactly(1, 2, 3);
        assertThat(read.orElseThrow().sessionCounter()).isEqualTo(7);
        assertThat(CredentialCodec.decode(ByteBuffer.wrap(new byte[3]))).isEmpty();
    }
}
