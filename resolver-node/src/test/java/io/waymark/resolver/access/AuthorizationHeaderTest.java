package io.waymark.resolver.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.handle.ValueReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationHeaderTest {
    private static final ValueReference ADMIN = new ValueReference("88.118.8/ADMIN", 300);

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothingIsNobody() throws Exception {
        assertThat(AuthorizationHeader.parse("")).isEqualTo(new Authorization.None());
        assertThat(AuthorizationHeader.parse("  ")).isEqualTo(new Authorization.None());
    }

    @Test
    void readsBasicWithAnyOctetsInTheSecret() throws Exception {
        Authorization.Basic said =
                (Authorization.Basic) AuthorizationHeader.parse(basic("300%3A88.118.8%2FADMIN:a:b秘密"));

        assertThat(said.identity()).isEqualTo(ADMIN);
        assertThat(new String(said.secret(), StandardCharsets.UTF_8)).isEqualTo("a:b秘密");
        assertThat(said.toString()).doesNotContain("a:b");
    }

    @Test
    void keepsAPlusInAHandle() throws Exception {
        Authorization.Basic said = (Authorization.Basic) AuthorizationHeader.parse(basic("300%3A88.1/a+b:x"));

        assertThat(said.identity().handle()).isEqualTo("88.1/a+b");
    }

    @Test
    void readsAProofWithTokensAndQuotes() throws Exception {
        Authorization.Proven said = (Authorization.Proven) AuthorizationHeader.parse(
                "handle VERSION=0,sessionid=\"s\\\"1\" ,  id=\"300:88.118.8/ADMIN\", type=HS_SECKEY,"
                        + "cnonce=\"AQI=\", alg=\"SHA-256\", signature=\"AwQ=\"");

        assertThat(said.sessionId()).isEqualTo("s\"1");
        assertThat(said.identity()).isEqualTo(ADMIN);
        assertThat(said.proof().octets()).containsExactly(3, 3, 4);
        assertThat(said.proof().input(new byte[] {9})).containsExactly(9, 1, 2);
    }

    @Test
    void readsSessionsAndCertificates() throws Exception {
        assertThat(AuthorizationHeader.parse("Handle sessionId=\"abc\"")).isEqualTo(new Authorization.InSession("abc"));
        assertThat(AuthorizationHeader.parse("Handle clientCert=\"true\""))
                .isEqualTo(new Authorization.ByCertificate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic !!!",
                "Basic bm9jb2xvbg==", // nocolon
                "Digest a=b",
                "Handle",
                "Handle sessionId",
                "Handle sessionId=\"open",
                "Handle sessionId=\"a\" id=\"b\"",
                "Handle sessionId=a, id=\"x\", type=HS_SECKEY, cnonce=AA==, alg=SHA256, signature=AA==",
                "Handle sessionId=a, id=\"300:1/2\", type=HS_SECKEY, cnonce=AA==, alg=MD5, signature=AA==",
                "Handle sessionId=a, id=\"300:1/2\", type=HS_NOKEY, cnonce=AA==, alg=SHA256, signature=AA==",
                "Handle sessionId=a, id=\"300:1/2\", type=HS_SECKEY, cnonce=AA==, alg=SHA256, signature=***",
                "Handle sessionId=a, id=\"300:1/2\", type=HS_SECKEY, cnonce=AA==, alg=PBKDF2WithHmacSHA1, signature=AA=="
            })
    void refusesWhatItCannotRead(String header) {
        assertThatThrownBy(() -> AuthorizationHeader.parse(header)).isInstanceOf(MalformedAuthorizationException.class);
    }

    @Test
    void noTextEndsOtherwiseThanReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "Handle Basic Bearer =\",\\%:/.0123ABCDsesionIdclientCert";
        for (int n = 0; n < 20_000; n++) {
            StringBuilder header = new StringBuilder(random.nextBoolean() ? "Handle " : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                header.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(AuthorizationHeader.parse(header.toString())).isNotNull();
            } catch (MalformedAuthorizationException e) {
                assertThat(e.getMessage()).as("seed %d: %s", seed, header).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + header, e);
            }
        }
    }
}
