package io.waymark.platform.cli;

import io.waymark.platform.config.ConfigException;
import io.waymark.platform.config.ConfigInput;
import io.waymark.platform.config.ConfigTemplate;
import io.waymark.platform.config.PlatformConfig;
import io.waymark.platform.node.Logging;
import io.waymark.platform.node.Platform;
import io.waymark.platform.node.StartException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code waymark serve}: runs the services of this node until it is told to stop. */
@Command(
        name = "serve",
        header = "Run the services of this node: resolver, gateway, traceability, HTTP and an embedded Kafka.",
        description =
                "Needs no configuration: data goes to ./data, listeners are on loopback, and the operator's token is"
                        + " made and shown at the first start.",
        sortOptions = false,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {
            "0:Told to stop (SIGTERM, Ctrl-C) and stopped.",
            "1:Could not start: a port is taken, the data directory is in use, ….",
            "2:Wrong usage or configuration; every problem is listed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark serve",
            "  waymark serve --data /var/lib/waymark --config /etc/waymark/waymark.yaml",
            "  waymark serve --set resolver.handle.hosts=0.0.0.0 --set resolver.advertised-host=192.0.2.7",
            "  waymark serve --set services=kafka --data /var/lib/waymark-kafka   # the embedded broker alone"
        })
public final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:WAYMARK_CONFIG}",
            description = "YAML file with settings; also WAYMARK_CONFIG.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything durable lives (default: ./data); same as --set data.directory=DIR.")
    private @Nullable Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting; wins over the environment, which wins over the file. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description = "Write listener names and addresses here, as JSON, when every listener answers.")
    private @Nullable Path readyFile;

    @Option(names = "--help-config", description = "Print every setting with its meaning and default, as YAML.")
    private boolean helpConfig;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (helpConfig) {
            out().print(ConfigTemplate.render());
            out().flush();
            return ExitCodes.OK;
        }
        try {
            PlatformConfig read = PlatformConfig.read(input());
            Logging.use(read.logFormat());
            serve(read);
            return ExitCodes.OK;
        } catch (ConfigException e) {
            return complain(String.valueOf(e.getMessage()), ExitCodes.USAGE);
        } catch (StartException e) {
            return complain(String.valueOf(e.getMessage()), ExitCodes.FAILED);
        }
    }

    private ConfigInput input() {
        Map<String, String> overrides = new HashMap<>(settings);
        if (data != null) {
            overrides.put("data.directory", data.toString());
        }
        return new ConfigInput(Optional.ofNullable(config), System.getenv(), overrides);
    }

    private void serve(PlatformConfig read) throws StartException, InterruptedException {
        Platform platform = Platform.start(read, Optional.ofNullable(readyFile), this::showToken);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(platform), "waymark-shutdown"));
        // until the shutdown hook ends the process
        new CountDownLatch(1).await();
    }

    /** Ends the process itself: after a signal the JVM would report the signal, but a stop asked for is a success. */
    private static void stop(Platform platform) {
        platform.close();
        Runtime.getRuntime().halt(ExitCodes.OK);
    }

    private void showToken(String token) {
        out().println("Operator's token, shown this once and kept in admin.token of the data directory: " + token);
        out().flush();
    }

    private int complain(String message, int exitCode) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("waymark serve: " + message);
        err.flush();
        return exitCode;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
