package io.waymark.platform.config;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.rate.Network;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text form of one kind of value. */
interface ValueType<T> {
    /**
     * Reads a value.
     *
     * @throws BadValueException with the bound the text breaks
     */
    T parse(String text) throws BadValueException;

    /** What may be written, for the documentation: {@code 0..65535}, {@code a duration}. */
    String allowed();

    /** A whole number in a range, both ends included. */
    static ValueType<Integer> integer(int min, int max) {
        return of(min + ".." + max, text -> {
            long value = wholeNumber(text);
            if (value < min || value > max) {
                throw new BadValueException("must be in " + min + ".." + max);
            }
            return (int) value;
        });
    }

    /** A TCP or UDP port; 0 lets the system choose. */
    static ValueType<Integer> port() {
        return integer(0, 65_535);
    }

    /** {@code true} or {@code false}. */
    static ValueType<Boolean> bool() {
        return of("true or false", text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("must be true or false");
        });
    }

    /** Any text, at most so many characters. */
    static ValueType<String> text(int maxLength) {
        return of("text", text -> {
            if (text.length() > maxLength) {
                throw new BadValueException("must be at most " + maxLength + " characters");
            }
            return text;
        });
    }

    /** Text that goes into names on Kafka and disk. */
    static ValueType<String> name() {
        Pattern name = Pattern.compile("[A-Za-z0-9._-]{1,64}");
        return of("1 to 64 of A-Z a-z 0-9 . _ -", text -> {
            if (!name.matcher(text).matches()) {
                throw new BadValueException("must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
            }
            return text;
        });
    }

    /** A file or directory; relative ones start at the working directory. */
    static ValueType<Path> path() {
        return of("a path", text -> {
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw new BadValueException("must be a path");
            }
            return Path.of(text);
        });
    }

    /** Bytes, plain or with KiB, MiB, GiB, in a range. */
    static ValueType<Long> bytes(long min, long max) {
        Pattern pattern = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB|TiB)?");
        String range = showBytes(min) + ".." + showBytes(max);
        return of(range, text -> {
            Matcher m = pattern.matcher(text);
            if (!m.matches()) {
                throw new BadValueException("must be a number of bytes such as 65536, 64KiB, 10MiB or 8GiB");
            }
            String unit = m.group(2) == null ? "B" : m.group(2);
            int shift = 10 * List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(unit);
            long count = Long.parseLong(m.group(1));
            if (count > max >> shift || count << shift < min) {
                throw new BadValueException("must be in " + range);
            }
            return count << shift;
        });
    }

    /** A duration such as {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 7d}, in a range. */
    static ValueType<Duration> duration(Duration min, Duration max) {
        Pattern pattern = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
        String range = showDuration(min) + ".." + showDuration(max);
        return of(range, text -> {
            Matcher m = pattern.matcher(text);
            if (!m.matches()) {
                throw new BadValueException("must be a duration such as 500ms, 10s, 2m, 1h or 7d");
            }
            Duration value = duration(Long.parseLong(m.group(1)), m.group(2));
            if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                throw new BadValueException("must be in " + range);
            }
            return value;
        });
    }

    /** Handle prefixes, or {@code *} for all of them. */
    static ValueType<List<String>> prefixes() {
        Pattern prefix = Pattern.compile("\\*|[^\\s/\\p{Cntrl}]{1,253}");
        return of("a list of prefixes, or *", text -> {
            List<String> prefixes = items(text);
            for (String p : prefixes) {
                if (!prefix.matcher(p).matches()) {
                    throw new BadValueException(
                            "must be a list of prefixes such as 88.118.8, or *; \"" + p + "\" is none");
                }
            }
            return prefixes;
        });
    }

    /** A time zone by its name. */
    static ValueType<ZoneId> zone() {
        return of("a time zone", text -> {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new BadValueException("must be a time zone such as Asia/Shanghai, UTC or +08:00");
            }
        });
    }

    /** Addresses or host names to bind, at least one. */
    static ValueType<List<String>> hosts() {
        Pattern host = Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?");
        return of("a list of addresses", text -> {
            List<String> hosts = items(text);
            if (hosts.isEmpty()) {
                throw new BadValueException("must name at least one address");
            }
            for (String h : hosts) {
                if (!host.matcher(h).matches()) {
                    throw new BadValueException("must be a list of addresses or host names; \"" + h + "\" is none");
                }
            }
            return hosts;
        });
    }

    /** Networks, {@code 192.0.2.0/24} or a single address; perhaps none. */
    static ValueType<List<Network>> networks() {
        return of("a list of networks", text -> {
            List<Network> networks = new ArrayList<>();
            for (String item : items(text)) {
                try {
                    networks.add(Network.parse(item));
                } catch (IllegalArgumentException e) {
                    throw new BadValueException("must be a list of networks; " + e.getMessage());
                }
            }
            return List.copyOf(networks);
        });
    }

    /** Keys of administrators, {@code index:prefix/suffix}; perhaps none. */
    static ValueType<List<ValueReference>> references() {
        Pattern reference = Pattern.compile("(\\d{1,9}):([^/\\s]+/\\S+)");
        return of("a list of index:handle", text -> {
            List<ValueReference> references = new ArrayList<>();
            for (String item : items(text)) {
                Matcher m = reference.matcher(item);
                if (!m.matches()) {
                    throw new BadValueException("must be a list of index:handle; \"" + item + "\" is none");
                }
                references.add(new ValueReference(m.group(2), Integer.parseInt(m.group(1))));
            }
            return List.copyOf(references);
        });
    }

    /** One word of an enum, in any case. */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        String words = words(type);
        return of(words.replace(", ", " or "), text -> word(type, text, words));
    }

    /** Some words of an enum, at least one. */
    static <E extends Enum<E>> ValueType<Set<E>> someOf(Class<E> type) {
        String words = words(type);
        return of("some of " + words, text -> {
            Set<E> chosen = new LinkedHashSet<>();
            for (String item : items(text)) {
                chosen.add(word(type, item, words));
            }
            if (chosen.isEmpty()) {
                throw new BadValueException("must name at least one of " + words);
            }
            return chosen;
        });
    }

    /** Reads a value's text. */
    @FunctionalInterface
    interface Reading<T> {
        /** As {@link ValueType#parse}. */
        T read(String text) throws BadValueException;
    }

    private static <T> ValueType<T> of(String allowed, Reading<T> reading) {
        return new ValueType<>() {
            @Override
            public T parse(String text) throws BadValueException {
                return reading.read(text);
            }

            @Override
            public String allowed() {
                return allowed;
            }
        };
    }

    private static List<String> items(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        List<String> items = new ArrayList<>();
        for (String item : bare.split(",", -1)) {
            String trimmed = item.strip();
            if (!trimmed.isEmpty()) {
                items.add(trimmed);
            }
        }
        return List.copyOf(items);
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text, String words) throws BadValueException {
        for (E e : type.getEnumConstants()) {
            if (e.name().equalsIgnoreCase(text)) {
                return e;
            }
        }
        throw new BadValueException("must be one of " + words);
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static long wholeNumber(String text) throws BadValueException {
        if (!text.matches("-?\\d{1,18}")) {
            throw new BadValueException("must be a whole number");
        }
        return Long.parseLong(text);
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw new IllegalStateException("unit " + unit);
        };
    }

    private static String showDuration(Duration d) {
        if (d.toMillis() % 1000 != 0) {
            return d.toMillis() + "ms";
        }
        long seconds = d.toSeconds();
        if (seconds > 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds > 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String showBytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long count = bytes;
        while (count >= 1024 && count % 1024 == 0 && unit < units.length - 1) {
            count /= 1024;
            unit++;
        }
        return unit == 0 ? Long.toString(count) : count + units[unit];
    }
}
