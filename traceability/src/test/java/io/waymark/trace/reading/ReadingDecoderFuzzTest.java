package io.waymark.trace.reading;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/** Whatever a device sends: a decoding comes back, and what it holds can be captured, written and read. */
class ReadingDecoderFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyOctets(byte[] payload) throws Exception {
        Follow.message(payload, ProfileOptions.defaults());
    }

    @FuzzTest(maxDuration = "10s")
    void impinjOfAnyFields(FuzzedDataProvider data) throws Exception {
        Follow.message(json("""
                {"eventType":"tagInventory","timestamp":%s,"tagInventoryEvent":{"epcHex":%s,"epc":%s,"peakRssiCdbm":%s}}""", data, 4), ProfileOptions.defaults());
    }

    @FuzzTest(maxDuration = "10s")
    void posOfAnyFields(FuzzedDataProvider data) throws Exception {
        ProfileOptions options = new ProfileOptions(
                ZoneOffset.ofHours(8), Charset.forName("GBK"), data.consumeBoolean(), data.consumeString(3));
        Follow.message(json("""
                {"cmd":"s","data":%s,"amount":%s,"msgid":%s,"time":%s,"qty":%s}""", data, 5), options);
    }

    @FuzzTest(maxDuration = "10s")
    void genericOfAnyFields(FuzzedDataProvider data) throws Exception {
        Follow.message(json("""
                {"code":%s,"ts":%s,"temperature":%s,"unit":%s,"bizStep":%s,"values":{"x":%s}}""", data, 6), ProfileOptions.defaults());
    }

    private static byte[] json(String template, FuzzedDataProvider data, int holes) {
        Object[] values = new Object[holes];
        for (int i = 0; i < holes; i++) {
            values[i] = data.consumeBoolean() ? data.consumeString(40) : quoted(data.consumeString(40));
        }
        return template.formatted(values).getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
