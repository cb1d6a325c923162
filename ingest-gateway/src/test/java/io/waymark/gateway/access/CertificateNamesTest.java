package io.waymark.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateNamesTest {
    private static final String DIGITS = "0a".repeat(32);

    @Test
    void aFingerprintHasOneFormHoweverItIsWritten() {
        String colons = DIGITS.replaceAll("(..)(?!$)", "$1:");
        for (String text : new String[] {
            DIGITS, DIGITS.toUpperCase(Locale.ROOT), colons, "SHA256:" + colons, " sha256:" + DIGITS + " "
        }) {
            assertThat(CertificateNames.parse(text)).as(text).isEqualTo("sha256:" + DIGITS);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=Oven-1, O=Plant | subject:cn=oven-1,o=plant",
                "subject:cn=a | subject:cn=a",
                "CN=\"a=,b\" | subject:cn=a=\\,b",
                "CN=a=,O=b | subject:cn=a=,o=b",
                "CN=a+OU=b | subject:cn=a+ou=b",
            })
    void aSubjectHasOneFormHoweverItIsWritten(String text, String name) {
        assertThat(CertificateNames.parse(text)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "oven-1",
                "abc123",
                "=x",
                "CN=",
                "CN= ,O=Plant",
                "O=Plant,CN=",
                "CN=x,=y",
                "sha256:CN=x",
                "subject:"
            })
    void whatIsNeitherIsRefusedWithWhatItWas(String text) {
        assertThatThrownBy(() -> CertificateNames.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits")
                .hasMessageContaining("but was ");
    }
}
