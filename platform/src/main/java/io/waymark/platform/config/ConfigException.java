package io.waymark.platform.config;

import java.util.List;

/** A configuration that cannot be used; names every problem found, not only the first. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence for each problem: where, key, value, bound. */
    public List<String> problems() {
        return problems;
    }

    private static String message(List<String> problems) {
        String head = problems.size() == 1 ? "The configuration has a problem:" : "The configuration has problems:";
        return head + "\n  " + String.join("\n  ", problems);
    }
}
