package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.trace.reading.Reading.Scan;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosProfileTest {
    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsAFlatObjectWithBase64Data() {
        Scan scan = Decode.one(Scan.class, """
                {"cmd":"barcode","sn":"SP6-00017","msgid":"1795334400123","amount":"128.50","qty":2,
                 "data":"%s","time":"2026-11-22 15:59:58"}""".formatted(base64("]C1010950600013435210TEA7\u001d216789")));

        assertThat(scan.text()).isEqualTo("]C1010950600013435210TEA7\u001d216789");
        assertThat(scan.amount()).isEqualByComparingTo(new BigDecimal("128.50"));
        assertThat(scan.transaction()).isEqualTo("1795334400123");
        assertThat(scan.quantity()).isEqualTo(new Quantity(2, null));
        assertThat(scan.when())
                .isEqualTo(new When(Instant.parse("2026-11-22T07:59:58Z"), ZoneOffset.ofHours(8), When.Clock.DEVICE));
    }

    @ParameterizedTest
    @CsvSource({"barcode", "code", "qrcode", "QR_Code"})
    void clearTextFieldsAreTakenAsTheyStand(String field) {
        assertThat(Decode.one(Scan.class, "{\"cmd\":\"scan\",\"%s\":\"6901234567892\"}".formatted(field))
                        .text())
                .isEqualTo("6901234567892");
    }

    @Test
    void profileSaysWhetherDataIsBase64() {
        ProfileOptions clear = new ProfileOptions(ZoneOffset.UTC, StandardCharsets.UTF_8, false, "");
        byte[] payload = "{\"sn\":\"1\",\"data\":\"6901234567892\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(Decode.one(Scan.class, Decode.message(payload, clear)).text())
                .isEqualTo("6901234567892");
        assertThat(Decode.message(payload, ProfileOptions.defaults()).problems().get(0))
                .satisfies(p -> assertThat(p.reason()).isEqualTo(Reason.BAD_ENCODING))
                .satisfies(p -> assertThat(p.detail()).contains("base64Data"));
    }

    @Test
    void profileSaysTheCharacterSetAndTheSeparator() {
        Charset gbk = Charset.forName("GBK");
        ProfileOptions options = new ProfileOptions(ZoneOffset.ofHours(8), gbk, true, "{GS}");
        String data = Base64.getEncoder().encodeToString("88.118.8/武夷{GS}茶".getBytes(gbk));
        byte[] payload = "{\"cmd\":\"s\",\"data\":\"%s\"}".formatted(data).getBytes(StandardCharsets.UTF_8);

        assertThat(Decode.one(Scan.class, Decode.message(payload, options)).text())
                .isEqualTo("88.118.8/武夷\u001d茶");
        assertThat(Decode.message(payload, ProfileOptions.defaults())
                        .problems()
                        .get(0)
                        .reason())
                .isEqualTo(Reason.BAD_CHARSET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cmd\":\"heartbeat\"} | MISSING_CODE",
                "{\"cmd\":\"s\",\"data\":\"***\"} | BAD_ENCODING",
                "{\"cmd\":\"s\",\"code\":\"1\",\"amount\":\"a lot\"} | BAD_VALUE",
                "{\"cmd\":\"s\",\"code\":\"1\",\"amount\":\"1e9\"} | BAD_VALUE",
                "{\"cmd\":\"s\",\"code\":\"1\",\"qty\":-1} | BAD_VALUE",
                "{\"cmd\":\"s\",\"code\":\"1\",\"time\":\"half past three\"} | BAD_TIME"
            })
    void refusesWithTheReason(String payload, Reason reason) {
        assertThat(Decode.problem(payload).reason()).isEqualTo(reason);
    }

    @Test
    void bareTextIsAScan() {
        assertThat(Decode.one(Scan.class, " ]C10100000000000000 \r\n").text()).isEqualTo("]C10100000000000000");
        assertThat(Decode.one(Scan.class, "[)>\u001e06\u001d25SVAA").text()).startsWith("[)>");
    }

    @Test
    void longTextIsNoScan() {
        assertThat(Decode.problem("x".repeat(2_049)).reason()).isEqualTo(Reason.UNKNOWN_SHAPE);
    }
}
