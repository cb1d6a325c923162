package io.waymark.platform.cli;

import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.cli.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that talks with a person: results on standard output, one clear sentence on standard error. What its {@code @Command}
 * says holds for every command below it that does not say otherwise.
 */
@Command(
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {ExitCodes.OK_TEXT, ExitCodes.FAILED_TEXT, ExitCodes.USAGE_TEXT},
        footerHeading = "%nExample:%n")
public abstract class TerminalCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before call()
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private HelpOption help = new HelpOption();

    private final Screen screen = Screen.ofProcess();

    /** Does the work and returns one of {@link ExitCodes}; what it throws becomes the message and the exit code. */
    protected abstract int run() throws IOException, InterruptedException;

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

    /** Standard output, or what stands for it. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error, or what stands for it. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final void print(List<String> lines) {
        lines.forEach(out()::println);
    }

    /** Tells on standard error what went wrong. */
    final void complain(String sentence) {
        err().println(spec.qualifiedName() + ": " + DisplayWidth.printable(sentence));
    }

    final String good(String text) {
        return screen.paint(Style.GOOD, text);
    }
}
