package io.waymark.identifier;

import java.util.Locale;

/**
 * An identifier of a scheme that has one opaque value (OID, VIN, MA, drug code, URL, raw EPC).
 *
 * @param scheme any scheme but {@link Scheme#HANDLE} and {@link Scheme#GS1}
 * @param value the normalised value
 */
public record OtherCode(Scheme scheme, String value) implements Identifier {
    /** Refuses the schemes that have a type of their own. */
    public OtherCode {
        if (scheme == Scheme.HANDLE || scheme == Scheme.GS1) {
            throw new IllegalArgumentException(scheme + " has its own type");
        }
        if (value.isEmpty()) {
            throw new IllegalArgumentException("value is empty");
        }
    }

    @Override
    public String canonical() {
        return scheme.name().toLowerCase(Locale.ROOT) + ':' + value;
    }
}
