package io.waymark.platform.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads settings as values and collects what is wrong. A bad value is reported and replaced by its default, so that
 * reading goes on and finds every problem.
 */
final class SettingReader {
    private static final Pattern ENTRY = Pattern.compile("([a-z.-]+)\\[(\\d{1,4})]\\.([a-z-]+)");
    private static final Map<String, Set<String>> LISTS = Map.of(
            Settings.READ_POINTS,
            ReadPoints.FIELDS,
            Settings.ACCESS,
            AccessList.FIELDS,
            Settings.ACKS,
            AckList.FIELDS,
            Settings.CERTIFICATES,
            CertificateList.FIELDS,
            Settings.BRIDGES,
            BridgeList.FIELDS);
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");

    private final RawSettings raw;
    private final List<String> problems;

    SettingReader(RawSettings raw, List<String> problems) {
        this.raw = raw;
        this.problems = problems;
    }

    /** The value said, or the default. */
    <T> T get(Setting<T> setting) {
        String text = raw.text(setting.key()).orElse("");
        if (!text.isEmpty()) {
            try {
                return setting.type().parse(text);
            } catch (BadValueException e) {
                problem(setting.key(), e.getMessage() + " but was \"" + text + "\"");
            }
        }
        return defaultOf(setting);
    }

    /** Whether the key was said at all. */
    boolean isSet(Setting<?> setting) {
        return raw.text(setting.key()).isPresent();
    }

    /** Settings said as {@code prefix + NAME}, by NAME. */
    Map<String, String> under(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String key : raw.keys()) {
            if (key.startsWith(prefix)) {
                raw.text(key).ifPresent(text -> found.put(key.substring(prefix.length()), text));
            }
        }
        return found;
    }

    /** The entries of a list such as {@code trace.read-points}, in order of their numbers, as field → text. */
    List<Map<String, String>> list(String name) {
        TreeMap<Integer, Map<String, String>> entries = new TreeMap<>();
        for (String key : raw.keys()) {
            Matcher m = ENTRY.matcher(key);
            if (m.matches() && m.group(1).equals(name)) {
                Map<String, String> fields =
                        entries.computeIfAbsent(Integer.valueOf(m.group(2)), n -> new LinkedHashMap<>());
                raw.text(key).ifPresent(text -> fields.put(m.group(3), text));
            }
        }
        return new ArrayList<>(entries.values());
    }

    /** Reports a problem of a key's value. */
    void problem(String key, String what) {
        problems.add(raw.origin(key) + ": " + key + " " + what);
    }

    /** Reports a problem that no single key has. */
    void problem(String what) {
        problems.add(what);
    }

    /** Reports every key that means nothing. */
    void refuseUnknownKeys() {
        List<String> known = Settings.all().stream().<String>map(Setting::key).toList();
        for (String key : raw.keys()) {
            if (!isKnown(key, known)) {
                problems.add(raw.origin(key) + ": unknown key " + key + Nearest.suggestion(key, known));
            }
        }
    }

    private boolean isKnown(String key, List<String> known) {
        String whole = INDEX.matcher(key).replaceFirst("");
        if (known.contains(whole) || key.startsWith(Settings.KAFKA_CLIENT_PREFIX)) {
            return true;
        }
        Matcher entry = ENTRY.matcher(whole);
        return entry.matches()
                ? LISTS.getOrDefault(entry.group(1), Set.of()).contains(entry.group(3))
                : isEmptySection(key, known);
    }

    /** A section whose keys are all commented out. */
    private boolean isEmptySection(String key, List<String> known) {
        boolean section = LISTS.containsKey(key)
                || Settings.KAFKA_CLIENT_PREFIX.equals(key + ".")
                || known.stream().anyMatch(k -> k.startsWith(key + "."));
        return section && raw.text(key).isEmpty();
    }

    /** The default, which is always readable: a test reads the whole table. */
    static <T> T defaultOf(Setting<T> setting) {
        try {
            return setting.type().parse(setting.defaultText());
        } catch (BadValueException e) {
            throw new IllegalStateException("default of " + setting.key() + " " + e.getMessage(), e);
        }
    }
}
