package io.waymark.identifier.gs1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Code lists of other standards that GS1 values refer to, read once from {@code code-lists.txt}. */
final class CodeLists {
    private static final Map<String, Set<String>> LISTS = read();
    private static final Set<String> COUNTRY_NUMBERS = list("country-numbers");
    private static final Set<String> COUNTRY_LETTERS = list("country-letters");
    private static final Set<String> CURRENCY_NUMBERS = list("currency-numbers");
    private static final Set<String> PACKAGE_TYPES = list("package-types");

    private CodeLists() {}

    /** ISO 3166-1 numeric. */
    static boolean isCountryNumber(String code) {
        return COUNTRY_NUMBERS.contains(code);
    }

    /** ISO 3166-1 alpha-2. */
    static boolean isCountryLetters(String code) {
        return COUNTRY_LETTERS.contains(code);
    }

    /** ISO 4217 numeric. */
    static boolean isCurrencyNumber(String code) {
        return CURRENCY_NUMBERS.contains(code);
    }

    /** UN/ECE Recommendation 21 and GS1's additions. */
    static boolean isPackageType(String code) {
        return PACKAGE_TYPES.contains(code);
    }

    private static Set<String> list(String name) {
        return Objects.requireNonNull(LISTS.get(name), name);
    }

    /** Each line: the list's name, then its codes, separated by spaces. */
    private static Map<String, Set<String>> read() {
        Map<String, Set<String>> lists = new HashMap<>();
        try (InputStream in = Objects.requireNonNull(
                CodeLists.class.getResourceAsStream("code-lists.txt"), "code-lists.txt is missing")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ");
                    lists.put(words[0], Set.copyOf(Arrays.asList(words).subList(1, words.length)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("code-lists.txt cannot be read", e);
        }
        return lists;
    }
}
