package io.waymark.identifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Published test vectors of GS1 (GS1 Syntax Engine, GS1 Syntax Dictionary, TDS Annex E), as tables. They are no part of
 * the source: tests that read them run where a checkout has {@code shared/data} beside it.
 */
public final class Vectors {
    private static final @Nullable Path ROOT = find();

    private Vectors() {}

    /** Whether the tables are here. */
    public static boolean present() {
        return ROOT != null;
    }

    /** Rows of a table, its head left out; every row has as many columns as the head. */
    public static List<String[]> rows(String file) {
        if (ROOT == null) {
            throw new IllegalStateException("no vectors");
        }
        try {
            List<String> lines = Files.readAllLines(ROOT.resolve(file));
            int columns = lines.get(0).split("\t", -1).length;
            return lines.stream().skip(1).map(line -> line.split("\t", columns)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Undoes the tables' escapes: backslash, quote, and characters by number. */
    public static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && text.startsWith("\\x", i)) {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (c == '\\' && i + 1 < text.length()) {
                out.append(text.charAt(++i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static @Nullable Path find() {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path data = dir.resolve("shared/data");
            if (Files.isDirectory(data.resolve("gs1-vectors"))) {
                return data;
            }
        }
        return null;
    }
}
