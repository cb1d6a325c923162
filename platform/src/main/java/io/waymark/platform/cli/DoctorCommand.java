package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark doctor}: is everything as a node needs it? */
@Command(
        name = "doctor",
        header = "Say what is wrong with the machine or the node, and what to do.",
        description = "Looks at the machine, the data folder and, if one runs, the node. Leaves everything as it is.",
        exitCodeList = {"0:Nothing is broken; there may be warnings.", "1:Something is broken.", ExitCodes.USAGE_TEXT},
        footerHeading = "%nExamples:%n",
        footer = {"  waymark doctor --data /var/lib/waymark", "  waymark doctor --kafka kafka-1:9092,kafka-2:9092"})
public final class DoctorCommand extends ReportingCommand {
    private static final int SUBJECT_COLUMNS = 22;
    private static final int INDENT = 4 + 2 + SUBJECT_COLUMNS + 2;

    @Option(names = "--kafka", paramLabel = "HOST:PORT,…", description = "Also ask this Kafka cluster.")
    private @Nullable String kafka;

    @Override
    protected int run() throws IOException, InterruptedException {
        QuietLogs.off(); // of the Kafka client, whose troubles become findings
        List<Finding> findings = new ArrayList<>();
        findings.add(MachineChecks.java());
        findings.add(MachineChecks.memory());
        findings.add(MachineChecks.openFiles());
        findings.add(MachineChecks.temporaryFolder());
        findings.addAll(MachineChecks.dataFolder(node.data()));
        findings.add(MachineChecks.clock(Clock.systemUTC(), node.data()));
        findings.addAll(ofNode());
        if (kafka != null) {
            findings.add(NodeChecks.kafka(kafka));
        }
        show(findings);
        boolean broken = findings.stream().anyMatch(f -> f.level() == Finding.Level.FAIL);
        return broken ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private List<Finding> ofNode() throws IOException, InterruptedException {
        boolean mayRun = node.hasUrl() || Files.exists(node.data().resolve(NodeConnection.READY_FILE));
        if (!mayRun) {
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.ok("node", "none runs on " + node.data()));
            findings.addAll(NodeChecks.freePorts());
            return findings;
        }
        try {
            List<Finding> findings = new ArrayList<>(NodeChecks.running(node));
            String broker = node.listeners().get("kafka");
            if (broker != null && kafka == null) {
                findings.add(NodeChecks.kafka(NodeConnection.hostAndPort(NodeConnection.socketAddress(broker))));
            }
            return findings;
        } catch (CliException e) {
            return List.of(Finding.fail(
                    "node",
                    e.getMessage(),
                    "a node that was killed leaves its " + NodeConnection.READY_FILE
                            + " behind; starting it again repairs that"));
        }
    }

    private void show(List<Finding> findings) {
        if (json) {
            ArrayNode list = JSON.createArrayNode();
            for (Finding f : findings) {
                list.addObject()
                        .put("level", f.level().name().toLowerCase(Locale.ROOT))
                        .put("subject", f.subject())
                        .put("detail", f.detail())
                        .put("advice", f.advice());
            }
            printJson(list);
            return;
        }
        findings.forEach(this::show);
        long broken = count(findings, Finding.Level.FAIL);
        long warnings = count(findings, Finding.Level.WARN);
        out().println();
        out().println(
                        broken == 0 && warnings == 0
                                ? good("All is well.")
                                : "broken: " + broken + ", warnings: " + warnings);
    }

    private static long count(List<Finding> findings, Finding.Level level) {
        return findings.stream().filter(f -> f.level() == level).count();
    }

    private void show(Finding f) {
        String mark = switch (f.level()) {
            case OK -> screen().paint(Style.GOOD, "ok  ");
            case WARN -> screen().paint(Style.WARNING, "warn");
            case FAIL -> screen().paint(Style.BAD, "fail");
        };
        String start = mark + "  " + DisplayWidth.pad(f.subject(), SUBJECT_COLUMNS) + "  ";
        for (String line : DisplayWidth.wrap(DisplayWidth.printable(f.detail()), screen().columns() - INDENT)) {
            out().println(start + line);
            start = " ".repeat(INDENT);
        }
        String arrow = screen().pick("→ ", "-> ");
        if (!f.advice().isEmpty()) {
            DisplayWidth.wrap(arrow + f.advice(), screen().columns() - INDENT)
                    .forEach(line -> out().println(" ".repeat(INDENT) + line));
        }
    }
}
