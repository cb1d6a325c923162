package io.waymark.platform.cli;

import io.waymark.platform.cli.terminal.Screen;
import io.waymark.storage.bulk.BulkProgress;
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

/** How far an import is: a bar with rate and time left on a terminal, else a line every few seconds. */
final class ImportView implements BulkProgress, AutoCloseable {
    private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long MIB = 1 << 20;

    private final PrintWriter err;
    private final Screen screen;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private Phase phase = Phase.READING;
    private long total;
    private long done;
    private long beginNanos;
    private long lineNanos;

    ImportView(PrintWriter err, Screen screen, boolean terminal) {
        this.err = err;
        this.screen = screen;
        this.terminal = terminal;
    }

    @Override
    public synchronized void begin(Phase begun, long amount) {
        close();
        phase = begun;
        total = amount;
        done = 0;
        beginNanos = System.nanoTime();
        lineNanos = beginNanos + LINE_EVERY_NANOS;
        if (terminal && begun != Phase.COMMITTING) {
            bar = newBar();
        }
    }

    @Override
    public synchronized void advance(long amount) {
        moveTo(done + amount);
    }

    /** So much of the phase is done. */
    synchronized void moveTo(long amount) {
        done = amount;
        if (bar != null) {
            bar.stepTo(done);
        } else if (!terminal && System.nanoTime() - lineNanos >= 0) {
            lineNanos = System.nanoTime() + LINE_EVERY_NANOS;
            err.println(line());
            err.flush();
        }
    }

    private String line() {
        double seconds = (System.nanoTime() - beginNanos) * 1e-9;
        double rate = done / Math.max(0.001, seconds);
        String left = rate > 0 ? String.format(Locale.ROOT, ", %.0f s left", (total - done) / rate) : "";
        return switch (phase) {
            case READING ->
                String.format(
                        Locale.ROOT,
                        "reading: %,d of %,d MiB, %.0f MiB/s%s",
                        done / MIB,
                        total / MIB,
                        rate / MIB,
                        left);
            case MERGING ->
                String.format(Locale.ROOT, "checking: %,d of %,d records, %,.0f/s%s", done, total, rate, left);
            case COMMITTING -> "committing";
        };
    }

    private ProgressBar newBar() {
        PrintStream errors = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(phase == Phase.READING ? "reading " : "checking")
                .setInitialMax(Math.max(1, total))
                .showSpeed()
                .setStyle(screen.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(errors, screen.columns() - 1));
        return (phase == Phase.READING ? builder.setUnit(" MiB", MIB) : builder.setUnit(" k", 1000)).build();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
