package io.waymark.platform.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A run's result for people and for programs. */
final class BenchReport {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final double NANOS_PER_MICRO = 1e3;

    private final String title;
    private final LoadResult result;
    private final boolean serverKnown;

    /**
     * @param title what was loaded, and how: one line
     * @param serverKnown whether the server's CPU time was taken
     */
    BenchReport(String title, LoadResult result, boolean serverKnown) {
        this.title = title;
        this.result = result;
        this.serverKnown = serverKnown;
    }

    void printTable(PrintWriter out) {
        Tally tally = result.tally();
        out.println(title);
        out.println(describe(result.plan()));
        line(out, "answers", "%,d in %.1f s, %,.0f per second", tally.answers(), result.seconds(), result.perSecond());
        if (tally.answerBytes() > 0) {
            line(out, "answer size", "%.0f bytes", tally.answerBytes() / (double) Math.max(1, tally.succeeded()));
        }
        line(out, result.plan().rate() > 0 ? "latency (from when due)" : "latency", "%s", latency());
        if (serverKnown) {
            line(out, "server CPU", "%s", cpu(result.serverCpuPerMillion(), result.serverCpuSeconds()));
        }
        line(out, "generator CPU", "%s", cpu(result.ownCpuPerMillion(), result.ownCpuSeconds()));
        line(out, "in flight at the end", "%,d", result.inFlight());
        line(out, "trouble", "%s", tally.failures().isEmpty() ? "none" : troubles(tally.failures()));
        out.flush();
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
        out.printf(Locale.ROOT, "  %-24s%s%n", name, String.format(Locale.ROOT, format, values));
    }

    private static String describe(LoadPlan plan) {
        String load = plan.rate() > 0
                ? String.format(Locale.ROOT, "open loop at %,.0f per second", plan.rate())
                : "closed loop";
        return String.format(
                Locale.ROOT,
                "  %s, %d sockets x window %d, %d threads, %.1f s after %.1f s of warm-up",
                load,
                plan.connections(),
                plan.window(),
                plan.threads(),
                plan.duration().toMillis() / 1e3,
                plan.warmup().toMillis() / 1e3);
    }

    private String latency() {
        Histogram h = result.tally().latencyNanos();
        StringBuilder text = new StringBuilder();
        for (double p : PERCENTILES) {
            text.append(String.format(Locale.ROOT, "p%s %s  ", trim(p), micros(h.getValueAtPercentile(p))));
        }
        return text.append("max ").append(micros(h.getMaxValue())).append(" µs").toString();
    }

    private static String trim(double percentile) {
        return percentile == Math.rint(percentile) ? Long.toString((long) percentile) : Double.toString(percentile);
    }

    private static String micros(long nanos) {
        double micros = nanos / NANOS_PER_MICRO;
        return String.format(Locale.ROOT, micros < 100 ? "%.1f" : "%,.0f", micros);
    }

    private String cpu(double perMillion, double seconds) {
        return String.format(
                Locale.ROOT,
                "%.2f s per million answers, %.0f %% of a core",
                perMillion,
                100 * seconds / result.seconds());
    }

    private static String troubles(Map<String, Long> failures) {
        StringBuilder text = new StringBuilder();
        failures.forEach((kind, n) -> text.append(text.length() == 0 ? "" : ", ")
                .append(kind)
                .append(": ")
                .append(String.format(Locale.ROOT, "%,d", n)));
        return text.toString();
    }

    void printJson(PrintWriter out) {
        ObjectMapper json = new ObjectMapper();
        try {
            out.println(json.writeValueAsString(toJson(json)));
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("numbers and strings that JSON cannot hold", e);
        }
    }

    private ObjectNode toJson(ObjectMapper json) {
        Tally tally = result.tally();
        LoadPlan plan = result.plan();
        ObjectNode root = json.createObjectNode().put("benchmark", title);
        root.putObject("plan")
                .put("connections", plan.connections())
                .put("window", plan.window())
                .put("threads", plan.threads())
                .put("ratePerSecond", plan.rate())
                .put("warmupSeconds", plan.warmup().toMillis() / 1e3)
                .put("seconds", result.seconds());
        root.put("answers", tally.answers())
                .put("succeeded", tally.succeeded())
                .put("lost", tally.lost())
                .put("inFlightAtEnd", result.inFlight())
                .put("answersPerSecond", result.perSecond())
                .put("answerBytes", tally.answerBytes() / (double) Math.max(1, tally.succeeded()));
        ObjectNode latency = root.putObject("latencyMicros");
        for (double p : PERCENTILES) {
            latency.put("p" + trim(p), tally.latencyNanos().getValueAtPercentile(p) / NANOS_PER_MICRO);
        }
        latency.put("max", tally.latencyNanos().getMaxValue() / NANOS_PER_MICRO);
        if (serverKnown) {
            root.put("serverCpuSecondsPerMillion", result.serverCpuPerMillion());
        }
        root.put("generatorCpuSecondsPerMillion", result.ownCpuPerMillion());
        ObjectNode troubles = root.putObject("trouble");
        tally.failures().forEach(troubles::put);
        return root;
    }
}
