package io.waymark.platform.bench;

import io.waymark.platform.cli.CliException;
import io.waymark.platform.cli.ClientCommand;
import io.waymark.platform.cli.ExitCodes;
import io.waymark.platform.cli.NodeConnection;
import io.waymark.platform.cli.terminal.Screen;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code bench resolve} and {@code bench publish} share: find the server, run the plan, show the result. */
abstract class LoadCommand extends ClientCommand {
    @Option(
            names = {"-s", "--server"},
            paramLabel = "HOST:PORT",
            description = "The server; without it, the node found by --data or --url.")
    private @Nullable String server;

    @Mixin
    private LoadOptions options = new LoadOptions();

    /** A run, ready to start. */
    record Load(String title, LoadPlan plan, LoadRun.Links links) {}

    /** Reads the options; refuses what makes no sense with IllegalArgumentException. */
    abstract Load load(LoadOptions options) throws IOException, InterruptedException;

    @Override
    protected final int run() throws IOException, InterruptedException {
        try {
            return run(load(options));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e);
        }
    }

    private int run(Load load) throws IOException, InterruptedException {
        boolean terminal = Screen.isTerminal(2);
        LoadResult result = new LoadRun(load.plan(), options.serverPids())
                .run(load.links(), terminal ? this::showProgress : (left, warmingUp, perSecond) -> {});
        if (terminal) {
            err().print("\r\033[K");
            err().flush();
        }
        BenchReport report =
                new BenchReport(load.title(), result, !options.serverPids().isEmpty());
        if (options.json()) {
            report.printJson(out());
        } else {
            report.printTable(out());
        }
        return result.tally().succeeded() > 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void showProgress(double secondsLeft, boolean warmingUp, double perSecond) {
        err().printf(
                        Locale.ROOT,
                        "\r%s  %,.0f answers per second, %.0f s left \033[K",
                        warmingUp ? "warming up" : "measuring ",
                        perSecond,
                        Math.max(0, secondsLeft));
        err().flush();
    }

    /** The address given, or that of the node's listener. */
    final InetSocketAddress server(String listener) throws IOException, InterruptedException {
        if (server != null) {
            return NodeConnection.socketAddress(server);
        }
        return node.listener(listener)
                .orElseThrow(() -> new CliException(
                        ExitCodes.FAILED, "the node has no listener " + listener + "; name a server with --server"));
    }
}
