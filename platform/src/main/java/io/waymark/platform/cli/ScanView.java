package io.waymark.platform.cli;

import io.waymark.gateway.ledger.KafkaScan;
import io.waymark.platform.cli.terminal.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far the reading of Kafka is: a bar on a terminal, else a line every few seconds. One thread. */
final class ScanView implements KafkaScan.Progress, AutoCloseable {
    private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintWriter err;
    private final Screen screen;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private long lineNanos = System.nanoTime() + LINE_EVERY_NANOS;

    ScanView(PrintWriter err, Screen screen, boolean terminal) {
        this.err = err;
        this.screen = screen;
        this.terminal = terminal;
    }

    @Override
    public void at(long read, long total) {
        if (terminal) {
            bar(total).stepTo(read);
        } else if (System.nanoTime() - lineNanos >= 0) {
            lineNanos = System.nanoTime() + LINE_EVERY_NANOS;
            err.printf(Locale.ROOT, "reading Kafka: %,d of %,d records%n", read, total);
            err.flush();
        }
    }

    private ProgressBar bar(long total) {
        ProgressBar shown = bar;
        if (shown == null) {
            PrintStream errors =
                    new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
            shown = new ProgressBarBuilder()
                    .setTaskName("reading Kafka")
                    .setInitialMax(Math.max(1, total))
                    .showSpeed()
                    .setStyle(screen.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(errors, screen.columns() - 1))
                    .build();
            bar = shown;
        }
        return shown;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
