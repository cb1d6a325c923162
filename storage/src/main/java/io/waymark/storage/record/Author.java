package io.waymark.storage.record;

import io.waymark.identifier.handle.ValueReference;

/**
 * Who changed a record.
 *
 * @param name {@code index:handle} of an administrator who proved his key, or a word for those who need none; at most
 *     {@value #NAME_MAX} characters
 */
public record Author(String name) {
    /** The longest name. */
    public static final int NAME_MAX = 4096;
    /** Nobody said. */
    public static final Author UNKNOWN = new Author("");
    /** The node itself. */
    public static final Author NODE = new Author("node");
    /** The bearer of the operator's token. */
    public static final Author OPERATOR = new Author("operator");
    /** A bulk load. */
    public static final Author IMPORT = new Author("import");

    /** Refuses a name that is too long. */
    public Author {
        if (name.length() > NAME_MAX) {
            throw new IllegalArgumentException(
                    "author must have at most " + NAME_MAX + " characters but had " + name.length());
        }
    }

    /** An administrator, by the value that holds his key. */
    public static Author of(ValueReference identity) {
        return new Author(identity.index() + ":" + identity.handle());
    }
}
