package io.waymark.platform.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * What the output can show.
 *
 * @param columns width of a line, at least {@value #COLUMNS_MIN}
 * @param interactive whether a person is looking: only then progress is shown and lines are cut
 * @param unicode whether anything beyond ASCII may be written
 * @param colour whether escape sequences may be written
 * @param zone in which times are shown
 */
public record Screen(int columns, boolean interactive, boolean unicode, boolean colour, ZoneId zone) {
    /** Narrower terminals are drawn as if they had this width. */
    public static final int COLUMNS_MIN = 40;

    private static final int COLUMNS_OF_FILES = 100;
    private static final int COLUMNS_UNKNOWN = 80;

    /** Widens what is too narrow to draw on. */
    public Screen {
        columns = Math.max(COLUMNS_MIN, columns);
    }

    /** What standard output of this process is connected to. Looks at the environment, {@code /proc} and {@code stty}. */
    public static Screen ofProcess() {
        boolean terminal = isTerminal(1);
        Map<String, String> env = System.getenv();
        return of(env, terminal, terminal ? widthOfTerminal() : OptionalInt.empty(), ZoneId.systemDefault());
    }

    /**
     * Decides from what is known.
     *
     * @param env {@code LC_ALL}, {@code LC_CTYPE}, {@code LANG}, {@code NO_COLOR}, {@code TERM}, {@code COLUMNS} count
     * @param terminal whether the output is a terminal
     * @param width of the terminal, if it told
     */
    public static Screen of(Map<String, String> env, boolean terminal, OptionalInt width, ZoneId zone) {
        boolean dumb = "dumb".equals(env.getOrDefault("TERM", ""));
        boolean noColour = !env.getOrDefault("NO_COLOR", "").isEmpty();
        // files and pipes are UTF-8 whatever the locale says
        boolean unicode = !terminal || hasUtf8Locale(env);
        return new Screen(columns(env, terminal, width), terminal, unicode, terminal && !dumb && !noColour, zone);
    }

    /**
     * Whether a file descriptor (1 output, 2 errors) of this process is a terminal. Where there is no {@code /proc} the
     * answer is no: plain output is never wrong.
     */
    public static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** The text in a style, if colours may be shown. */
    public String paint(Style style, String text) {
        return colour && !text.isEmpty() ? style.around(text) : text;
    }

    /** One of two spellings of the same thing. */
    public String pick(String unicodeSpelling, String asciiSpelling) {
        return unicode ? unicodeSpelling : asciiSpelling;
    }

    /** What stands for left-out text. */
    public String ellipsis() {
        return pick("…", "...");
    }

    private static int columns(Map<String, String> env, boolean terminal, OptionalInt width) {
        if (width.isPresent()) {
            return width.getAsInt();
        }
        String told = env.getOrDefault("COLUMNS", "");
        if (told.matches("[0-9]{1,4}")) {
            return Integer.parseInt(told);
        }
        return terminal ? COLUMNS_UNKNOWN : COLUMNS_OF_FILES;
    }

    private static boolean hasUtf8Locale(Map<String, String> env) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = env.getOrDefault(name, "");
            if (!value.isEmpty()) {
                String lower = value.toLowerCase(Locale.ROOT);
                return lower.contains("utf-8") || lower.contains("utf8");
            }
        }
        return false;
    }

    /** Asks {@code stty}, which every system with terminals has. */
    private static OptionalInt widthOfTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream answer = stty.getInputStream()) {
                String[] rowsAndColumns = new String(answer.readNBytes(64), StandardCharsets.US_ASCII)
                        .trim()
                        .split(" ", 2);
                boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
                int columns = ended && rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : 0;
                return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
            }
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }
}
