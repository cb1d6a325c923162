package io.waymark.platform.cli;

import picocli.CommandLine.Option;

/** A command whose answer people read, or programs with {@code --json}. */
abstract class ReportingCommand extends ClientCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;
}
