package io.waymark.platform.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code waymark serve}: runs the services of this node until it is told to stop. */
@Command(name = "serve", description = "Run the services of this node.", mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
