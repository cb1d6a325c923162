package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any input is read or refused with the declared exception. */
class RecognizerFuzzTest {
    @FuzzTest
    void recognizer(byte[] input) {
        try {
            assertThat(Recognizer.recognize(text(input)).fields()).isNotEmpty();
        } catch (MalformedIdentifierException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void elementString(byte[] input) {
        try {
            ElementString scan = ElementString.parse(text(input));
            assertThat(ElementString.parse(scan.scanned())).isEqualTo(scan);
            assertThat(ElementString.parse(scan.bracketed())).isEqualTo(scan);
        } catch (MalformedIdentifierException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void digitalLink(byte[] input) {
        try {
            DigitalLink link = DigitalLink.parse(text(input));
            assertThat(DigitalLink.parse(link.canonical()).key()).isEqualTo(link.key());
        } catch (MalformedIdentifierException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void epcUri(byte[] input) {
        try {
            EpcUri urn = EpcUri.parse(text(input));
            assertThat(urn.identifier().canonical()).isNotEmpty();
        } catch (MalformedIdentifierException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void epcBinary(byte[] input) {
        try {
            EpcTag tag = EpcBinary.decode(input);
            assertThat(tag.fields()).isNotEmpty();
            assertThat(EpcUri.parse(EpcUri.of(tag)).identifier()).isEqualTo(tag.identifier());
        } catch (MalformedIdentifierException e) {
            assertThat(input.length == 0 || input.length > EpcBinary.MAX_BYTES).isTrue();
        }
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
