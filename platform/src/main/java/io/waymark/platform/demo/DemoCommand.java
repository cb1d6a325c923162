package io.waymark.platform.demo;

import io.waymark.platform.cli.ExitCodes;
import io.waymark.platform.cli.HelpOption;
import io.waymark.platform.cli.QuietLogs;
import io.waymark.platform.cli.terminal.Screen;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code waymark demo}: tells the story of a lot of Wuyi rock tea on a real node. */
@Command(
        name = "demo",
        header = "Play a story on a real node: Wuyi rock tea, from the leaf to the counter.",
        description = {
            "Starts a node with embedded defaults, lets devices publish through MQTT and HTTP, resolves, reads Kafka back"
                    + " and draws the timeline. Everything shown is measured in this run.",
            "Then the node keeps running, for the console and for your own commands, until Ctrl-C."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Every step happened.", "1:A step did not happen; the message names it.", "2:Wrong usage."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark demo",
            "  waymark demo --once --data /tmp/tea --lang zh",
            "  waymark demo --port-base 40000"
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    @Option(names = "--once", description = "Stop the node after the story and exit.")
    private boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/demo",
            description = "Data folder of the node; kept, so a second run goes on with it (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data/demo");

    @Option(
            names = "--lang",
            paramLabel = "en|zh",
            description = "Language of the story (default: zh where the locale is Chinese, else en).")
    private @Nullable String language;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description =
                    "Listen on PORT (Handle), +1 (resolution HTTP), +2 (platform HTTP), +3 (MQTT), +4 (Kafka); 0 lets"
                            + " the system choose (default: the usual ports where they are free).")
    private @Nullable Integer portBase;

    private final AtomicBoolean stopping = new AtomicBoolean();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Screen screen = Screen.ofProcess();
        Stage stage = new Stage(spec.commandLine().getOut(), screen, words(screen));
        DemoPorts ports = ports();
        Files.createDirectories(data);
        Path log = data.resolve("demo.log");
        makeOwnerOnly(log);
        QuietLogs.toFile(log);
        stage.headline("title");
        stage.say("intro", log);
        try (DemoNode node = DemoNode.start(data, ports, log)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(stage, node), "demo-stop"));
            Story story = new Story(stage, node, Clock.systemUTC());
            story.tell();
            return once ? stop(stage, node) : stayOpen(stage, node, story);
        } catch (StepFailedException e) {
            spec.commandLine().getErr().println("waymark demo: " + e.getMessage() + "; the log is " + log);
            return ExitCodes.FAILED;
        }
    }

    /** The node prints the operator's token once, into this file. */
    private static void makeOwnerOnly(Path log) throws IOException {
        if (!Files.exists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private Words words(Screen screen) {
        try {
            String wanted = language == null ? languageOfLocale(screen) : language;
            return Words.of(wanted);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--lang: " + e.getMessage());
        }
    }

    private static String languageOfLocale(Screen screen) {
        boolean chinese = Locale.getDefault().getLanguage().equals("zh");
        return chinese && screen.unicode() ? "zh" : "en";
    }

    private DemoPorts ports() {
        try {
            return portBase == null ? DemoPorts.usual() : DemoPorts.from(portBase);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static int stop(Stage stage, DemoNode node) throws StepFailedException, InterruptedException {
        stage.step("stop", () -> {
            long start = System.nanoTime();
            int exitCode = node.stop();
            if (exitCode != 0 && exitCode != SIGTERM) {
                throw new StepFailedException("the node ended with exit code " + exitCode);
            }
            stage.fact("stop.done", Stage.time(java.time.Duration.ofNanos(System.nanoTime() - start)));
        });
        stage.say("end");
        return ExitCodes.OK;
    }

    /** How to call this program from here: the script beside the libraries, if it was started from a distribution. */
    private static String launcher() {
        String first = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
        Path lib = Path.of(first).toAbsolutePath().getParent();
        Path script =
                lib == null ? Path.of("waymark") : lib.resolveSibling("bin").resolve("waymark");
        if (!Files.isExecutable(script)) {
            return "waymark";
        }
        Path here = Path.of("").toAbsolutePath();
        return (script.startsWith(here) ? here.relativize(script) : script).toString();
    }

    /** What a Java process that was asked to stop may end with. */
    private static final int SIGTERM = 143;

    /** Ctrl-C, which the terminal gives to the node as well, or a kill, which it does not. */
    private void interrupted(Stage stage, DemoNode node) {
        stopping.set(true);
        if (node.isAlive()) {
            stage.say("stopping");
            node.close();
        }
    }

    private int stayOpen(Stage stage, DemoNode node, Story story)
            throws StepFailedException, IOException, InterruptedException {
        stage.say("open", story.consoleLink());
        stage.say("open.try", story.tea().hero().handle(), story.tea().hero().link(), data, launcher());
        int exitCode = node.await();
        if (stopping.get()) {
            return ExitCodes.OK;
        }
        throw new StepFailedException("the node ended with exit code " + exitCode);
    }
}
