package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognizer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TeaTest {
    private static final Tea TEA = Tea.of(Instant.parse("2026-11-22T08:00:00Z"));

    @Test
    void lotAndSerialsComeFromTheTime() {
        assertThat(TEA.lot()).isEqualTo("WY261122080000");
        assertThat(TEA.link()).isEqualTo("https://id.gs1.org/01/06901234100013/10/WY261122080000");
        assertThat(TEA.hero().serial()).isEqualTo("17953344001");
        assertThat(TEA.tins()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void tagAndDataMatrixAndLinkOfATinAreOneIdentity() throws MalformedIdentifierException {
        Tea.Tin tin = TEA.hero();
        assertThat(Recognizer.recognize(tin.epcHex()).identifier().canonical()).isEqualTo(tin.link());
        assertThat(Recognizer.recognize(tin.link()).identifier().canonical()).isEqualTo(tin.link());
        assertThat(Recognizer.recognize("]d201" + Tea.GTIN + "21" + tin.serial())
                        .identifier()
                        .canonical())
                .isEqualTo(tin.link());
    }

    @Test
    void placesHaveValidLocationNumbers() throws MalformedIdentifierException {
        for (Place place : Place.values()) {
            assertThat(Recognizer.recognize(place.readPoint()).identifier().canonical())
                    .isEqualTo(place.readPoint());
        }
    }
}
