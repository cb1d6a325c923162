package io.waymark.resolver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Octets written by the reference client's own encoder. */
class GoldenBytesTest {
    /** Answers expire twelve hours later, at 0x6a000000. */
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(0x6a000000L - 43_200), ZoneOffset.UTC);

    private static final String REQUEST = "020b020b 00000000 01020304 00000000 00000037" // envelope: 2.11, length 55
            + "00000001 00000000 19000000 0001 00 00 6a000000 0000001b" // header: RESOLUTION, RECU|CACR|PUBL, body 27
            + "0000000f 38382e3131382e382f414243313233" // 88.118.8/ABC123
            + "00000000 00000000" // no indexes, no types
            + "00000000"; // unsigned

    private static final String FILTERED = "020b020b 00000000 01020304 00000000 00000042"
            + "00000001 00000000 19000000 0001 00 00 6a000000 00000026"
            + "0000000f 38382e3131382e382f414243313233"
            + "00000001 00000064" // index 100
            + "00000001 00000003 55524c" // type URL
            + "00000000";

    private static final String ANSWER = "020b020b 00000000 01020304 00000000 00000091" // length 145
            + "00000001 00000001 99000000 0001 00 00 6a000000 00000075" // SUCCESS, AUTH too, body 117
            + "0000000f 38382e3131382e382f414243313233 00000002" // handle, two values
            + "00000001 69200000 00 00015180 0e 00000003 55524c" // 1 URL
            + "0000001c 68747470733a2f2f706c616e742e6578616d706c652f616263313233 00000000"
            + "00000002 69200000 00 00015180 0e 00000005 4d4f44454c" // 2 MODEL
            + "00000006 434e432d3541 00000000"
            + "00000000";

    private static final String NOT_FOUND = "020b020b 00000000 01020304 00000000 00000020"
            + "00000001 00000064 99000000 0001 00 00 6a000000 00000004"
            + "00000000" // empty message
            + "00000000";

    private static final String DELETE = "020b020b 00000000 01020306 00000000 0000002f"
            + "00000065 00000000 19000000 0001 0000 6a000000 00000013"
            + "0000000f 38382e3131382e382f414243313233 00000000";

    private static final String CHALLENGE = "020b020b 00000007 01020306 00000000 00000051"
            + "00000065 00000192 99800000 0001 0000 6a000000 00000035" // AUTH is ours; the rest as the client writes it
            + "03 99b23bb084f43982f934c574424e4fb1964b96eb233acc0fa298de7cd5adbde4" // SHA-256 of the request
            + "00000010 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
            + "00000000";

    private final ResponseEncoder encoder = new ResponseEncoder(1, CLOCK);

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static RequestMessage decode(String frame) throws MalformedMessageException {
        ByteBuffer in = ByteBuffer.wrap(hex(frame));
        Envelope envelope = EnvelopeCodec.decode(in);
        return RequestDecoder.decode(envelope, Arrays.copyOfRange(in.array(), 20, in.capacity()));
    }

    private byte[] answer(String request, Response response) throws MalformedMessageException {
        RequestMessage message = decode(request);
        return encoder.encode(message, message.header().opCode(), 0, response, Optional.empty());
    }

    @Test
    void readsAResolutionRequest() throws Exception {
        RequestMessage message = decode(REQUEST);

        assertThat(message.request()).isEqualTo(new Request.Resolution("88.118.8/ABC123", List.of(), List.of()));
        assertThat(message.envelope().requestId()).isEqualTo(0x01020304);
        assertThat(message.header().opFlags()).isEqualTo(OpFlags.DEFAULT_REQUEST);
        assertThat(message.credential()).isEmpty();
    }

    @Test
    void readsAFilteredRequest() throws Exception {
        assertThat(decode(FILTERED).request())
                .isEqualTo(new Request.Resolution("88.118.8/ABC123", List.of(100), List.of("URL")));
    }

    @Test
    void writesTheRequestTheReferenceClientWrites() {
        byte[] plain = ClientCodec.resolution(
                0x01020304, OpFlags.DEFAULT_REQUEST, 0x6a000000, "88.118.8/ABC123", List.of(), new int[0]);
        byte[] filtered = ClientCodec.resolution(
                0x01020304, OpFlags.DEFAULT_REQUEST, 0x6a000000, "88.118.8/ABC123", List.of("URL"), new int[] {100});

        assertThat(plain).isEqualTo(hex(REQUEST));
        assertThat(filtered).isEqualTo(hex(FILTERED));
    }

    @Test
    void writesValues() throws Exception {
        Response values = new Response.Values(
                "88.118.8/ABC123",
                List.of(
                        HandleValue.text(1, "URL", "https://plant.example/abc123", 0x69200000),
                        HandleValue.text(2, "MODEL", "CNC-5A", 0x69200000)));

        assertThat(answer(REQUEST, values)).isEqualTo(hex(ANSWER));
    }

    @Test
    void writesNotFound() throws Exception {
        assertThat(answer(REQUEST, new Response.Failure(ResponseCode.HANDLE_NOT_FOUND, "")))
                .isEqualTo(hex(NOT_FOUND));
    }

    @Test
    void writesAChallenge() throws Exception {
        RequestMessage delete = decode(DELETE);
        byte[] nonce = hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");

        byte[] challenge = encoder.encode(
                delete, OpCode.DELETE_HANDLE.code(), 7, new Response.Challenge(7, nonce), Optional.empty());

        assertThat(challenge).isEqualTo(hex(CHALLENGE));
    }

    @Test
    void readsTheAnswerItsOwnClientGets() throws Exception {
        ClientCodec.Answer answer = ClientCodec.decode(hex(ANSWER));

        assertThat(answer.handle()).isEqualTo("88.118.8/ABC123");
        assertThat(answer.values()).extracting(HandleValue::type).containsExactly("URL", "MODEL");
        assertThat(answer.header().opFlags()).isEqualTo(0x99000000);
    }

    @Test
    void readsAFailuresMessage() throws Exception {
        ClientCodec.Answer answer = ClientCodec.decode(hex(NOT_FOUND));

        assertThat(answer.header().responseCode()).isEqualTo(100);
        assertThat(answer.message()).isEmpty();
    }
}
