package io.waymark.platform.cli;

import io.waymark.platform.Main;
import io.waymark.platform.http.DeviceNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What came of a command. */
record CommandRun(int exitCode, String out, String err) {
    /** Runs it as the node's operator. */
    static CommandRun on(DeviceNode node, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--url", node.url(), "--token", DeviceNode.TOKEN));
        return of(all);
    }

    static CommandRun of(List<String> args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(args.toArray(String[]::new));
        return new CommandRun(exitCode, out.toString(), err.toString());
    }
}
