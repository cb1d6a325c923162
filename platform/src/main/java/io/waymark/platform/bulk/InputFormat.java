package io.waymark.platform.bulk;

import java.nio.file.Path;
import java.util.Locale;

/** How an input is written. */
public enum InputFormat {
    /** One {@code {"handle":…,"values":[…]}} per line. */
    NDJSON,
    /** RFC 4180 with a head line {@code handle,TYPE,TYPE,…}. */
    CSV;

    /** By the file's name: {@code .csv}, in any case, is CSV. */
    public static InputFormat of(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv") ? CSV : NDJSON;
    }
}
