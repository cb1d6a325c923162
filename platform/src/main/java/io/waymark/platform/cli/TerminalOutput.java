package io.waymark.platform.cli;

import io.waymark.platform.cli.terminal.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** How the command line talks: UTF-8, unless the terminal cannot show it, and one sentence for a usage error. */
public final class TerminalOutput {
    private TerminalOutput() {}

    /** Sets output, errors, colours and width of the command line and of all its subcommands. */
    public static void install(CommandLine commandLine) {
        Screen screen = Screen.ofProcess();
        Charset charset = screen.unicode() ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
        commandLine.setOut(writer(FileDescriptor.out, charset));
        commandLine.setErr(writer(FileDescriptor.err, charset));
        Help.Ansi ansi = screen.colour() ? Help.Ansi.ON : Help.Ansi.OFF;
        commandLine.setColorScheme(Help.defaultColorScheme(ansi));
        commandLine.setUsageHelpWidth(Math.min(screen.columns(), 120));
        commandLine.setParameterExceptionHandler(TerminalOutput::usageError);
        commandLine.setAdjustLineBreaksForWideCJKCharacters(true);
    }

    /** One sentence and where to read on, instead of a page of help that hides it. */
    private static int usageError(CommandLine.ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + error.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println("Try \"" + name + " --help\".");
        }
        return ExitCodes.USAGE;
    }

    private static PrintWriter writer(FileDescriptor descriptor, Charset charset) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), charset), true);
    }
}
