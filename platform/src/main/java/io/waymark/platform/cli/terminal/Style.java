package io.waymark.platform.cli.terminal;

/** How a piece of text stands out on a terminal with colours. */
public enum Style {
    /** What the eye should find first. */
    STRONG("1"),
    /** What may be overlooked. */
    FAINT("2"),
    /** It is well. */
    GOOD("32"),
    /** Look at it. */
    WARNING("33"),
    /** It is not well. */
    BAD("31"),
    /** A measured value. */
    VALUE("36");

    private final String sgr;

    Style(String sgr) {
        this.sgr = sgr;
    }

    /** The text between this style's escape sequence and the one that ends it. */
    String around(String text) {
        return "\u001b[" + sgr + 'm' + text + "\u001b[0m";
    }
}
