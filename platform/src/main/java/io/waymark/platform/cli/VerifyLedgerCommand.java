package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.forward.CommittedPosition;
import io.waymark.gateway.ledger.KafkaScan;
import io.waymark.gateway.ledger.LedgerCheck;
import io.waymark.gateway.ledger.LedgerJson;
import io.waymark.gateway.ledger.LedgerReport;
import io.waymark.gateway.ledger.NodeLedger;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.cli.terminal.Style;
import io.waymark.platform.cli.terminal.Table;
import io.waymark.platform.kafka.EmbeddedKafka;
import io.waymark.storage.StorageException;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark verify-ledger}: whether everything acknowledged to devices is in Kafka, once and in order. */
@Command(
        name = "verify-ledger",
        header = "Check that every message acknowledged to a device is in Kafka.",
        description = {
            "Compares what the gateway spooled, counted by device group, with what Kafka holds, record by record:"
                    + " what is missing, doubled, out of order, or still to be forwarded.",
            "Asks a running node. With --offline the spool in --data is opened itself, and Kafka is the one of"
                    + " --kafka, or the broker in --data, started for the time it takes."
        },
        exitCodeList = {
            "0:Everything is there once and in order, or waits in the spool.",
            "1:Something is not, or the comparison could not be made.",
            ExitCodes.USAGE_TEXT
        },
        footerHeading = "%nExamples:%n",
        footer = {"  waymark verify-ledger", "  waymark verify-ledger --offline --data /var/lib/waymark"})
public final class VerifyLedgerCommand extends ReportingCommand {
    private static final String TELEMETRY = "waymark.telemetry";
    private static final String REJECTED = "waymark.rejected";
    private static final String PROGRESS = "waymark.progress";

    @Option(names = "--offline", description = "The node does not run: open its data folder.")
    private boolean offline;

    @Option(
            names = "--gateway",
            paramLabel = "ID",
            defaultValue = "gateway-1",
            description = "With --offline: gateway.id of the node (default: gateway-1).")
    private String gateway = "gateway-1";

    @Option(names = "--kafka", paramLabel = "HOST:PORT,…", description = "Kafka, instead of the one the node names.")
    private @Nullable String kafka;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description = "Further Kafka client settings, such as security.protocol and sasl.jaas.config.")
    private @Nullable Path kafkaProperties;

    @Override
    protected int run() throws IOException, InterruptedException {
        QuietLogs.off();
        try {
            LedgerReport report = offline ? offline() : online();
            show(report);
            return report.isExact() ? ExitCodes.OK : ExitCodes.FAILED;
        } catch (KafkaException e) {
            throw CliException.failed("Kafka could not be read: " + e.getMessage());
        } catch (StorageException e) {
            throw CliException.failed(String.valueOf(e.getMessage()));
        }
    }

    private LedgerReport online() throws IOException, InterruptedException {
        JsonNode answer = ask();
        JsonNode where = answer.path("kafka");
        KafkaScan scan = new KafkaScan(
                client(where.path("bootstrapServers").asText()),
                where.path("telemetryTopic").asText(TELEMETRY),
                where.path("rejectedTopic").asText(REJECTED));
        LedgerCheck check = scan(scan, LedgerJson.ledger(answer));
        return check.report(LedgerJson.ledger(ask()).last());
    }

    private JsonNode ask() throws IOException, InterruptedException {
        return node.get("/api/v1/gateway/ledger").orFail().json();
    }

    private LedgerReport offline() throws IOException {
        Path spool = node.data().resolve("spool");
        if (!Files.isDirectory(spool)) {
            throw CliException.failed("there is no spool at " + spool + ": name the node's data folder with --data");
        }
        if (kafka != null) {
            return offline(spool, client(""));
        }
        Path broker = node.data().resolve("kafka");
        if (!Files.isDirectory(broker)) {
            throw CliException.failed("there is no broker at " + broker + ": name the cluster with --kafka");
        }
        try (EmbeddedKafka started = EmbeddedKafka.start(broker, 0)) {
            return offline(spool, client(started.bootstrapServers()));
        }
    }

    private LedgerReport offline(Path directory, Map<String, Object> client) {
        try (Spool spool = Spool.open(SpoolConfig.defaults(directory), new SimpleMeterRegistry())) {
            long committed = CommittedPosition.read(client, PROGRESS, gateway, spool.epoch());
            NodeLedger ledger = NodeLedger.of(gateway, spool, () -> committed);
            return scan(new KafkaScan(client, TELEMETRY, REJECTED), ledger).report(ledger.last());
        }
    }

    private LedgerCheck scan(KafkaScan scan, NodeLedger ledger) {
        LedgerCheck check = new LedgerCheck(ledger);
        try (ScanView view = new ScanView(err(), screen(), Screen.isTerminal(2) && !json)) {
            scan.run(check, view);
        }
        return check;
    }

    private Map<String, Object> client(String bootstrapServers) throws IOException {
        Map<String, Object> client = new HashMap<>();
        if (kafkaProperties != null) {
            Properties read = new Properties();
            try (Reader in = Files.newBufferedReader(kafkaProperties)) {
                read.load(in);
            }
            read.stringPropertyNames().forEach(name -> client.put(name, read.getProperty(name)));
        }
        client.put("bootstrap.servers", kafka == null ? bootstrapServers : kafka);
        return client;
    }

    private void show(LedgerReport report) {
        ObjectNode answer = LedgerJson.of(report);
        if (json) {
            printJson(answer);
            return;
        }
        Table table = new Table("GROUP", "SPOOLED", "QOS 0", "FORWARDED", "REJECTED", "WAITING", "EXPIRED", "MISSING");
        for (LedgerReport.Line line : report.groups()) {
            table.add(
                    line.group().isEmpty() ? "(none)" : line.group(),
                    number(line.spooled()),
                    number(line.unacknowledged()),
                    number(line.forwarded()),
                    number(line.rejected()),
                    number(line.waiting()),
                    number(line.expired()),
                    number(line.missing()));
        }
        print(table.draw(screen()));
        tell("missing", report.counts().missing(), report.missing());
        tell("doubled", report.counts().doubled(), report.doubled());
        tell("out of order", report.counts().outOfOrder(), report.outOfOrder());
        tell("never spooled here", report.counts().beyond(), report.beyond());
        out().println(
                        report.isExact()
                                ? good("exact") + ": positions " + report.from() + " to " + report.to()
                                        + " are in Kafka, once and in order"
                                : screen().paint(Style.WARNING, "not exact"));
    }

    private void tell(String what, long count, List<?> positions) {
        if (count > 0) {
            String shown =
                    String.join(", ", positions.stream().map(String::valueOf).toList());
            out().println(screen().paint(Style.WARNING, what) + ": " + number(count) + ", positions "
                    + DisplayWidth.printable(shown) + (positions.size() < count ? ", …" : ""));
        }
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
