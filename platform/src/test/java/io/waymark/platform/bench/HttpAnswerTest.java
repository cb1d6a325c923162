package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {
    private static final String COUNTED = "HTTP/1.1 404 Not Found\r\nCONTENT-LENGTH:  3\r\nX: y\r\n\r\nabc";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {COUNTED, CHUNKED})
    void waitsForTheWholeAnswer(String whole) throws IOException {
        for (int cut = 0; cut < whole.length(); cut++) {
            ByteBuffer part = octets(whole.substring(0, cut));
            assertThat(new HttpAnswer().cut(part)).as("of %d octets", cut).isZero();
            assertThat(part.position()).isZero();
        }
    }

    @Test
    void cutsAnswersThatCameTogether() throws IOException {
        HttpAnswer answer = new HttpAnswer();
        ByteBuffer in = octets(COUNTED + CHUNKED + COUNTED);

        assertThat(answer.cut(in)).isEqualTo(COUNTED.length());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.cut(in)).isEqualTo(CHUNKED.length());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.cut(in)).isEqualTo(COUNTED.length());
        assertThat(in.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX: y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 12345678901\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HELO\r\n\r\n"
            })
    void refusesWhatItCannotMeasure(String answer) {
        assertThatIOException().isThrownBy(() -> new HttpAnswer().cut(octets(answer)));
    }

    private static ByteBuffer octets(String s) {
        return ByteBuffer.wrap(s.getBytes(StandardCharsets.US_ASCII));
    }
}
