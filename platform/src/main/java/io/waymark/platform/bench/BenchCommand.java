package io.waymark.platform.bench;

import io.waymark.platform.cli.HelpOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code waymark bench}: load for a running server. */
@Command(
        name = "bench",
        header = "Put load on a running server and measure throughput, latency and CPU.",
        description = {
            "Closed loop (the default) keeps a window of requests in flight and shows what the server can do; its"
                    + " latency is that of a saturated server. Open loop (--rate) sends on a fixed schedule and measures"
                    + " from the instant a request was due, so that a pause of the server is seen in full; it keeps a"
                    + " core busy for exact timing.",
            "Only load servers that are yours."
        },
        subcommands = {
            BenchResolveCommand.class,
            BenchPublishCommand.class,
            BenchLoadCommand.class,
            BenchRecordsCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark bench records 1000000 -o r.ndjson && waymark import r.ndjson --home",
            "  waymark bench resolve --records 100000",
            "  waymark bench publish --qos 1 --user device-1 --password"
        })
public final class BenchCommand implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    /** Called when no subcommand was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
