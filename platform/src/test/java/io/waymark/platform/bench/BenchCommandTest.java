package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resolve -s 127.0.0.1:1 --records 0 | --records must be at least 1 but was 0",
                "resolve -s 127.0.0.1:1 --names 88.118.8/k | a pattern needs one %d",
                "resolve -s 127.0.0.1:1 -w 0 | window must be in 1..16384 but was 0",
                "resolve -s 127.0.0.1:1 -c 2 --threads 3 | threads must be in 1..2 but was 3",
                "resolve -s 127.0.0.1:1 --rate -1 | rate must be in 0..1000000000 but was -1.0",
                "resolve -s 127.0.0.1:1 --duration 0s | duration must be above 0",
                "resolve -s 127.0.0.1:1 --duration 3weeks | must be a number followed by ms, s or m but was \"3weeks\"",
                "resolve -s 127.0.0.1:1 --zipf 0 | the Zipf exponent must be above 0",
                "resolve -s 127.0.0.1 | an address must be HOST:PORT",
                "publish -s 127.0.0.1:1 -q 3 | --qos must be in 0..2 but was 3",
                "publish -s 127.0.0.1:1 --mqtt 4 | --mqtt must be 3 or 5 but was 4",
                "publish -s 127.0.0.1:1 --payload 2000000 | payload must be in 0..1048576 but was 2000000",
                "load 0 --url http://127.0.0.1:1 | N must be in 1..1000000000 but was 0"
            })
    void refusesWithValueAndBound(String arguments, String message) {
        assertThat(bench(arguments.trim().split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message.trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resolve -s 127.0.0.1:1 -t tcp", "publish -s 127.0.0.1:1"})
    void saysWhoCannotBeReached(String arguments) {
        assertThat(bench(arguments.split(" "))).isEqualTo(1);
        assertThat(err.toString()).contains("cannot connect to /127.0.0.1:1").doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "resolve", "publish", "load"})
    void helpShowsPatternsAsTheyAreWritten(String command) {
        bench((command + " --help").trim().split(" "));

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("Usage:").doesNotContain("%%", "${");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(bench()).isEqualTo(2);
        assertThat(err.toString()).contains("Missing command");
    }

    @Test
    void readsDurationsAsPeopleWriteThem() {
        DurationConverter converter = new DurationConverter();

        assertThat(converter.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(converter.convert("10s")).isEqualTo(converter.convert("10")).isEqualTo(Duration.ofSeconds(10));
        assertThat(converter.convert("2m")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void padsJsonToTheSizeAskedFor() {
        for (int size : List.of(0, 5, 12, 13, 256)) {
            assertThat(BenchPublishCommand.paddedJson(size)).hasSize(size);
        }
        assertThat(new String(BenchPublishCommand.paddedJson(15), StandardCharsets.US_ASCII))
                .isEqualTo("{\"bench\":\"xxx\"}");
    }

    @Test
    void reportSaysWhatWasMeasured() {
        Tally tally = new Tally();
        for (int i = 1; i <= 1000; i++) {
            tally.success(0, i * 1000L, 200);
        }
        tally.failure("HANDLE_NOT_FOUND (100)", 0, 1_000_000);
        tally.lost("no answer in time", 2);
        LoadPlan plan =
                new LoadPlan(4, 64, 1, 2000, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1));
        new BenchReport("resolve", new LoadResult(plan, tally, 7, 0.01001, 0.02002), true)
                .printTable(new PrintWriter(out));

        assertThat(out.toString())
                .contains("open loop at 2,000 per second, 4 sockets x window 64")
                .contains("1,001 in 2.0 s, 501 per second")
                .contains("latency (from when due)")
                .contains("p50 501  p90 901")
                .contains("10.00 s per million answers, 1 % of a core")
                .contains("HANDLE_NOT_FOUND (100): 1, no answer in time: 2");
    }

    private int bench(String... arguments) {
        return new CommandLine(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
