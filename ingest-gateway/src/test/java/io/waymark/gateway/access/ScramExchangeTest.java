package io.waymark.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ScramExchangeTest {
    private static final ScramVerifier PENCIL =
            ScramVerifier.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    private static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }

    /** RFC 7677 §3. */
    @Test
    void theExampleOfTheStandardIsPlayedOctetForOctet() {
        ScramExchange exchange = new ScramExchange("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        assertThat(exchange.user(octets("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))).isEqualTo("user");
        assertThat(new String(exchange.challenge(PENCIL), UTF_8))
                .isEqualTo(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        byte[] last = exchange.finish(octets("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        assertThat(new String(Objects.requireNonNull(last), UTF_8))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void anythingElseProvesNothing() {
        String[] finals = {
            "c=biws,r=rOprNGfwEbeRWgbNEkqOserver,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "c=eSws,r=rOprNGfwEbeRWgbNEkqOserver,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "c=biws,r=rOprNGfwEbeRWgbNEkqOserver,p=AAAA",
            "",
            "p="
        };
        for (String wrong : finals) {
            ScramExchange exchange = new ScramExchange("server");
            exchange.user(octets("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
            exchange.challenge(PENCIL);
            assertThat(exchange.finish(octets(wrong))).as(wrong).isNull();
        }
    }

    @Test
    void aClientFirstMessageIsWellFormedAndWantsNoChannelBinding() {
        for (String wrong : new String[] {
            "",
            "n,,n=user",
            "p=tls-unique,,n=user,r=rOprNGfwEbeRWgbNEkqO",
            "n,,n=,r=rOprNGfwEbeRWgbNEkqO",
            "n,,r=abc,n=u",
            "n,,n=user,r=short",
            "n,,n=user,r=" + "x".repeat(3_000)
        }) {
            assertThat(new ScramExchange().user(octets(wrong))).as(wrong).isNull();
        }
        assertThat(new ScramExchange().user(octets("n,,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO")))
                .isEqualTo("a,b=c");
    }

    @Test
    void aVerifierIsKeptAsText() {
        ScramVerifier back = ScramVerifier.parse(PENCIL.toText()).orElseThrow();
        assertThat(back.iterations()).isEqualTo(4096);
        assertThat(back.storedKey()).isEqualTo(PENCIL.storedKey());
        assertThat(back.serverKey()).isEqualTo(PENCIL.serverKey());
        assertThat(back.toString()).doesNotContain(Arrays.toString(back.storedKey()));
        assertThat(ScramVerifier.parse("")).isEmpty();
        assertThat(ScramVerifier.parse("SCRAM-SHA-1$1:a$b:c")).isEmpty();
    }

    @Test
    void aDeviceThatDoesNotExistLooksTheSameEachTime() {
        byte[] secret = {1, 2, 3};
        ScramVerifier one = ScramVerifier.ofNobody("a", secret);
        assertThat(ScramVerifier.ofNobody("a", secret).salt())
                .isEqualTo(one.salt())
                .hasSize(16);
        assertThat(ScramVerifier.ofNobody("b", secret).salt()).isNotEqualTo(one.salt());
        assertThat(one.iterations()).isEqualTo(ScramVerifier.ITERATIONS);
    }
}
