package io.waymark.identifier;

/**
 * A code that does not obey its scheme. The message names the value, the rule and the place, so that it can be shown to
 * whoever typed or scanned it. Stackless: malformed input is expected and must be cheap.
 */
public final class MalformedIdentifierException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * @param message what is wrong, naming the value and the bound
     * @param position index of the offending character (or bit, for binary codes), or -1 when it is the whole
     */
    public MalformedIdentifierException(String message, int position) {
        super(message, null, false, false);
        this.position = position;
    }

    /** Index of the offending character or bit, or -1. */
    public int position() {
        return position;
    }
}
