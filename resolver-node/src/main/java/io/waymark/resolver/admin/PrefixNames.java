package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.resolve.Homing;

/** How prefixes are named. */
final class PrefixNames {
    private PrefixNames() {}

    /**
     * The handle that describes a prefix.
     *
     * @throws MalformedIdentifierException if the prefix is empty, holds a slash or white space, or is one of the root's
     */
    static Handle prefixHandle(String prefix) throws MalformedIdentifierException {
        if (prefix.isEmpty()) {
            throw new MalformedIdentifierException("prefix is empty", -1);
        }
        for (int i = 0; i < prefix.length(); i++) {
            char c = prefix.charAt(i);
            if (c == '/' || Character.isWhitespace(c)) {
                throw new MalformedIdentifierException("prefix \"" + prefix + "\" has '" + c + "' at " + i, i);
            }
        }
        if (prefix.startsWith("0.")) {
            throw new MalformedIdentifierException("prefix " + prefix + " belongs to the root", 0);
        }
        return Handle.parse(Homing.PREFIX_OF_PREFIXES + '/' + prefix);
    }
}
