package io.waymark.platform.demo;

import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Screen;
import io.waymark.platform.cli.terminal.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Where the story is told: numbered steps, and under each the facts that were measured. */
final class Stage {
    private static final int INDENT = 4;

    private final PrintWriter out;
    private final Screen screen;
    private final Words words;
    private int steps;

    Stage(PrintWriter out, Screen screen, Words words) {
        this.out = out;
        this.screen = screen;
        this.words = words;
    }

    /** What a step does. */
    interface Action {
        /** Does it and tells its facts. */
        void run() throws StepFailedException, IOException, InterruptedException;
    }

    /**
     * Announces a step and does it.
     *
     * @throws StepFailedException with the step's number and title, if it did not happen
     */
    void step(String key, Action action) throws StepFailedException, InterruptedException {
        String title = sentence(key);
        steps++;
        out.println();
        String start = String.format(Locale.ROOT, "%2d  ", steps);
        for (String part : DisplayWidth.wrap(title, screen.columns() - INDENT)) {
            out.println(start + screen.paint(Style.STRONG, part));
            start = " ".repeat(INDENT);
        }
        out.flush();
        try {
            action.run();
        } catch (StepFailedException | IOException | RuntimeException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            line(screen.paint(Style.BAD, screen.pick("✗", "x")), reason);
            throw new StepFailedException("step " + steps + " (" + title + "): " + reason);
        }
    }

    /** A fact of the current step, measured. */
    void fact(String key, Object... values) {
        line(screen.paint(Style.GOOD, screen.pick("✓", "+")), sentence(key, values));
    }

    /** Something drawn below the current step. */
    void draw(List<String> lines) {
        lines.forEach(l -> out.println(l.isEmpty() ? "" : " ".repeat(INDENT) + l));
        out.flush();
    }

    /** A sentence that is no fact of a step. */
    void say(String key, Object... values) {
        out.println(sentence(key, values));
        out.flush();
    }

    /** A headline. */
    void headline(String key) {
        out.println(screen.paint(Style.STRONG, sentence(key)));
        out.flush();
    }

    /** A sentence as far as the screen can show it. */
    private String sentence(String key, Object... values) {
        String sentence = words.say(key, values);
        return screen.unicode()
                ? sentence
                : sentence.replace('–', '-').replace("°C", "C").replace("…", "...");
    }

    /** What is left of the screen beside a step's indent. */
    Screen inner() {
        return new Screen(
                screen.columns() - INDENT, screen.interactive(), screen.unicode(), screen.colour(), screen.zone());
    }

    private void line(String mark, String text) {
        String start = " ".repeat(INDENT) + mark + " ";
        for (String part : DisplayWidth.wrap(DisplayWidth.printable(text), screen.columns() - INDENT - 2)) {
            out.println(start + part);
            start = " ".repeat(INDENT + 2);
        }
        out.flush();
    }

    /** A duration as people read it. */
    static String time(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis < 1000
                ? String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }
}
