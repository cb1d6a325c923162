package io.waymark.resolver.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.resolver.Allocations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any header is understood or refused with the declared exception. */
class AuthorizationFuzzTest {
    static Stream<byte[]> headers() {
        return Stream.of(
                        "Bearer t0ken",
                        "Basic MzAwJTNBODguMTE4LjgvQURNSU46c2VjcmV0",
                        "Handle sessionId=\"abc\"",
                        "Handle sessionId=\"abc\", id=\"300:88.118.8/ADMIN\", type=\"HS_SECKEY\", cnonce=\"AAAA\", alg=\"SHA256\","
                                + " signature=\"AAAA\"",
                        "Handle clientCert=\"true\"")
                .map(header -> header.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("headers")
    @FuzzTest
    void headers(byte[] octets) {
        Allocations.bounded(octets, () -> {
            try {
                assertThat(AuthorizationHeader.parse(new String(octets, StandardCharsets.ISO_8859_1)))
                        .isNotNull();
            } catch (MalformedAuthorizationException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }
}
