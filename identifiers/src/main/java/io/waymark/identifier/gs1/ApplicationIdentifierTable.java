package io.waymark.identifier.gs1;

import io.waymark.identifier.gs1.ApplicationIdentifier.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The assigned AIs, read once from {@code application-identifiers.tsv}, whose head explains the notation. */
final class ApplicationIdentifierTable {
    private static final List<ApplicationIdentifier> ALL = read();
    /** Indexed by number of digits, then by value. */
    private static final @Nullable ApplicationIdentifier[][] BY_CODE = byCode();
    /** Digits of the AIs that begin with these two: the first two digits tell, also for AIs not assigned yet. */
    private static final byte[] LENGTH_BY_FIRST_TWO = lengths();

    private ApplicationIdentifierTable() {}

    static List<ApplicationIdentifier> all() {
        return ALL;
    }

    static @Nullable ApplicationIdentifier find(CharSequence text, int from, int to) {
        int length = to - from;
        if (length < 2 || length > 4 || to > text.length() || CharacterSet.N.firstForeign(text, from, to) >= 0) {
            return null;
        }
        return BY_CODE[length][Integer.parseInt(text, from, to, 10)];
    }

    /** Digits of the AI at that place, 0 if its first two digits begin none. */
    static int lengthAt(CharSequence text, int at) {
        if (at + 2 > text.length() || CharacterSet.N.firstForeign(text, at, at + 2) >= 0) {
            return 0;
        }
        return LENGTH_BY_FIRST_TWO[Integer.parseInt(text, at, at + 2, 10)];
    }

    private static @Nullable ApplicationIdentifier[][] byCode() {
        @Nullable ApplicationIdentifier[][] table = new ApplicationIdentifier[5][];
        for (int length = 2, size = 100; length <= 4; length++, size *= 10) {
            table[length] = new ApplicationIdentifier[size];
        }
        for (ApplicationIdentifier ai : ALL) {
            table[ai.code().length()][Integer.parseInt(ai.code())] = ai;
        }
        return table;
    }

    private static byte[] lengths() {
        byte[] lengths = new byte[100];
        for (ApplicationIdentifier ai : ALL) {
            lengths[Integer.parseInt(ai.code(), 0, 2, 10)] = (byte) ai.code().length();
        }
        return lengths;
    }

    private static List<ApplicationIdentifier> read() {
        List<ApplicationIdentifier> all = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(
                        ApplicationIdentifierTable.class.getResourceAsStream("application-identifiers.tsv"),
                        "application-identifiers.tsv is missing");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    addLine(line.split("\t", -1), all);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("application-identifiers.tsv cannot be read", e);
        }
        return List.copyOf(all);
    }

    private static void addLine(String[] columns, List<ApplicationIdentifier> all) {
        String[] range = columns[0].split("-", 2);
        int last = Integer.parseInt(range[range.length - 1]);
        for (int number = Integer.parseInt(range[0]); number <= last; number++) {
            String digits = String.valueOf(number);
            all.add(identifier("0".repeat(range[0].length() - digits.length()) + digits, columns));
        }
    }

    private static ApplicationIdentifier identifier(String code, String[] columns) {
        return new ApplicationIdentifier(
                code,
                columns[6],
                columns[1].charAt(0) == 'f',
                columns[1].charAt(1) == 'q',
                Arrays.stream(columns[2].split(" "))
                        .map(ApplicationIdentifierTable::part)
                        .toList(),
                columns[3].equals("-") ? List.of() : needs(columns[3]),
                columns[4].equals("-") ? List.of() : Arrays.asList(columns[4].split(",")),
                qualifierOrders(columns[5]));
    }

    private static List<List<List<String>>> needs(String text) {
        return Arrays.stream(text.split(" & "))
                .map(group -> Arrays.stream(group.split(","))
                        .map(alternative -> Arrays.asList(alternative.split("\\+")))
                        .toList())
                .toList();
    }

    private static @Nullable List<List<String>> qualifierOrders(String text) {
        if (text.equals("-")) {
            return null;
        }
        if (text.equals("key")) {
            return List.of(List.of());
        }
        return Arrays.stream(text.substring("key ".length()).split("\\|"))
                .map(order -> Arrays.asList(order.split(",")))
                .toList();
    }

    private static Part part(String text) {
        boolean optional = text.charAt(0) == '?';
        String[] formatAndRules = text.substring(optional ? 1 : 0).split(":", 2);
        String format = formatAndRules[0];
        boolean variable = format.startsWith("..", 1);
        int max = Integer.parseInt(format, variable ? 3 : 1, format.length(), 10);
        List<ValueRule> rules = formatAndRules.length == 1
                ? List.of()
                : Arrays.stream(formatAndRules[1].split("\\+"))
                        .map(ValueRule::named)
                        .toList();
        CharacterSet set = CharacterSet.valueOf(String.valueOf(Character.toUpperCase(format.charAt(0))));
        return new Part(set, variable ? 1 : max, max, optional, rules);
    }
}
