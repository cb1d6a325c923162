package io.waymark.identifier;

/**
 * A code that does not obey its scheme. The message names the value, the rule and the place, so that it can be shown to
 * whoever typed or scanned it: control characters are made visible, and it is at most {@value #MAX_MESSAGE} characters
 * long whatever the input was. Stackless: malformed input is expected and must be cheap.
 */
public final class MalformedIdentifierException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 400;
    /** Unicode's pictures of control characters, in their order. */
    private static final char FIRST_PICTURE = '\u2400';

    private final int position;

    /**
     * @param message what is wrong, naming the value and the bound
     * @param position index of the offending character (or bit, for binary codes), or -1 when it is the whole
     */
    public MalformedIdentifierException(String message, int position) {
        super(printable(message), null, false, false);
        this.position = position;
    }

    private static String printable(String message) {
        int end = Math.min(message.length(), MAX_MESSAGE);
        StringBuilder out = new StringBuilder(end + 1);
        for (int i = 0; i < end; i++) {
            char c = message.charAt(i);
            out.append(c < 0x20 ? (char) (FIRST_PICTURE + c) : c == 0x7f ? '\u2421' : c);
        }
        return end < message.length() ? out.append('…').toString() : out.toString();
    }

    /** Index of the offending character or bit, or -1. */
    public int position() {
        return position;
    }
}
