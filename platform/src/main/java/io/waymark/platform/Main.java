package io.waymark.platform;

import io.waymark.platform.bench.BenchCommand;
import io.waymark.platform.cli.DeviceCommand;
import io.waymark.platform.cli.DeviceMessageCommand;
import io.waymark.platform.cli.DoctorCommand;
import io.waymark.platform.cli.ExportCommand;
import io.waymark.platform.cli.GroupCommand;
import io.waymark.platform.cli.ImportCommand;
import io.waymark.platform.cli.PrefixCommand;
import io.waymark.platform.cli.RegisterCommand;
import io.waymark.platform.cli.ResolveCommand;
import io.waymark.platform.cli.ServeCommand;
import io.waymark.platform.cli.SignCommand;
import io.waymark.platform.cli.StatisticsCommand;
import io.waymark.platform.cli.TailCommand;
import io.waymark.platform.cli.TerminalOutput;
import io.waymark.platform.cli.TraceCommand;
import io.waymark.platform.cli.VerifyCommand;
import io.waymark.platform.cli.VerifyLedgerCommand;
import io.waymark.platform.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code waymark}: picks the subcommand, and turns its outcome into an exit code. */
@Command(
        name = "waymark",
        header = "Identifier resolution, device data and traceability for the industrial internet.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServeCommand.class,
            PrefixCommand.class,
            RegisterCommand.class,
            ResolveCommand.class,
            SignCommand.class,
            VerifyCommand.class,
            TraceCommand.class,
            StatisticsCommand.class,
            DeviceCommand.class,
            DeviceMessageCommand.class,
            GroupCommand.class,
            TailCommand.class,
            VerifyLedgerCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            BenchCommand.class,
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Success; a server that was told to stop.",
            "1:It could not be done: the message says why.",
            "2:Wrong usage or configuration.",
        },
        footer = {
            "",
            "Start everything with embedded defaults:",
            "  waymark serve",
            "What may be configured:",
            "  waymark serve --help-config",
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // injected by picocli before run()
    private CommandSpec spec;

    /** Runs the command line and exits. */
    public static void main(String[] args) {
        // before TLS is first used: Java would let clients of TLS 1.2 ask for one costly handshake after the other
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        CommandLine commandLine = commandLine();
        TerminalOutput.install(commandLine);
        System.exit(commandLine.execute(args));
    }

    /** The command line with every subcommand, for {@link #main} and for tests. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Called when no subcommand was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
    }
}
