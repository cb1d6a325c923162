package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.cli.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that talks with a node and with a person: results on standard output, one clear sentence on standard error. What its
 * {@code @Command} says holds for every command below it that does not say otherwise.
 */
@Command(
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT},
        footerHeading = "%nExample:%n")
abstract class ClientCommand implements Callable<Integer> {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int INTERRUPTED = 130;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    private final Screen screen = Screen.ofProcess();

    /** Does the work; what it throws becomes the message and the exit code. */
    abstract int run() throws IOException, InterruptedException;

    @Override
    public final Integer call() {
        try {
            return run();
        } catch (CliException e) {
            complain(e.getMessage());
            return e.exitCode();
        } catch (IOException e) {
            complain(NodeConnection.reason(e));
            return ExitCodes.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        } finally {
            out().flush();
            err().flush();
        }
    }

    final CommandSpec spec() {
        return spec;
    }

    final Screen screen() {
        return screen;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final void print(List<String> lines) {
        lines.forEach(out()::println);
    }

    final void printJson(JsonNode json) {
        try {
            out().println(JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree always has a text", e);
        }
    }

    /** Tells on standard error what went wrong. */
    final void complain(String sentence) {
        err().println(spec.qualifiedName() + ": " + DisplayWidth.printable(sentence));
    }

    final String good(String text) {
        return screen.paint(Style.GOOD, text);
    }
}
