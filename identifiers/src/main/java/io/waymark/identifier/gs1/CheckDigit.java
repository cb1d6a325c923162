package io.waymark.identifier.gs1;

/**
 * Check digits of GS1 numbers and check pairs of GS1 alphanumeric keys.
 *
 * @see "GS1 General Specifications §7.9"
 */
public final class CheckDigit {
    private static final int PAIR_MODULUS = 1021;
    private static final String PAIR_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private static final int MAX_PAIRED = 97;
    private static final int[] PRIMES = primes(MAX_PAIRED);

    private CheckDigit() {}

    /**
     * The check digit behind {@code digits[from, to)}: weights 3, 1, 3, … from the right, the sum's complement to ten.
     * The characters must be digits.
     */
    public static char of(CharSequence digits, int from, int to) {
        int sum = 0;
        int weight = 3;
        for (int i = to - 1; i >= from; i--) {
            sum += weight * (digits.charAt(i) - '0');
            weight = 4 - weight;
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    /** As {@link #of(CharSequence, int, int)}, over octets that hold ASCII digits. */
    public static byte of(byte[] digits, int from, int to) {
        int sum = 0;
        int weight = 3;
        for (int i = to - 1; i >= from; i--) {
            sum += weight * (digits[i] - '0');
            weight = 4 - weight;
        }
        return (byte) ('0' + (10 - sum % 10) % 10);
    }

    /** Whether the last of the digits is the check digit of those before. Empty text has none. */
    public static boolean isValid(CharSequence digits) {
        int last = digits.length() - 1;
        return last >= 0 && allDigits(digits) && of(digits, 0, last) == digits.charAt(last);
    }

    private static boolean allDigits(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * The check pair behind an alphanumeric key (GMN, MUDI).
     *
     * @param text characters of set 82, at most 97
     * @throws IllegalArgumentException if it is longer or holds another character
     */
    public static String pairOf(String text) {
        if (text.length() > MAX_PAIRED) {
            throw new IllegalArgumentException(
                    "a check pair covers at most " + MAX_PAIRED + " characters but got " + text.length());
        }
        int sum = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = CharacterSet.X.valueOf(text.charAt(i));
            if (value < 0) {
                throw new IllegalArgumentException("no character of set 82 at " + i + " of \"" + text + "\"");
            }
            sum += value * PRIMES[text.length() - 1 - i];
        }
        int checksum = sum % PAIR_MODULUS;
        return "" + PAIR_ALPHABET.charAt(checksum >> 5) + PAIR_ALPHABET.charAt(checksum & 31);
    }

    /** Whether the last two characters are the check pair of those before. */
    public static boolean isPairValid(String text) {
        int end = text.length() - 2;
        if (end < 0 || end > MAX_PAIRED || CharacterSet.X.firstForeign(text) >= 0) {
            return false;
        }
        return text.endsWith(pairOf(text.substring(0, end)));
    }

    private static int[] primes(int count) {
        int[] primes = new int[count];
        int found = 0;
        for (int candidate = 2; found < count; candidate++) {
            boolean prime = true;
            for (int i = 0; i < found && prime; i++) {
                prime = candidate % primes[i] != 0;
            }
            if (prime) {
                primes[found++] = candidate;
            }
        }
        return primes;
    }
}
