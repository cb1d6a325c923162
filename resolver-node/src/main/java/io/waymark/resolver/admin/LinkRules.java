package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.link.LinkSetValue;
import io.waymark.resolver.link.LinkTypes;
import io.waymark.resolver.link.Locations;
import io.waymark.resolver.link.WebAddress;
import java.util.Optional;

/**
 * Which links a record may hold. An address in a {@code URL} value may be of any scheme but those that run code in a
 * browser, and places of {@code 10320/loc} that are no web address are never gone to; links of Digital Links must be {@code http} or {@code https}.
 */
final class LinkRules {
    private static final String LOCATIONS = Handle.foldAscii(Locations.TYPE);

    private LinkRules() {}

    /** What is wrong with the value; empty if nothing is, or it is no link. */
    static Optional<String> fault(HandleValue value) {
        String type = Handle.foldAscii(value.type());
        if (type.equals("URL") || type.startsWith("URL.")) {
            return WebAddress.isHarmful(value.dataText())
                    ? Optional.of(named(value) + " must not run code")
                    : Optional.empty();
        }
        if (value.type().startsWith(LinkTypes.PREFIX)) {
            return WebAddress.isWeb(value.dataText())
                    ? Optional.empty()
                    : Optional.of(named(value) + " must be an http or https address");
        }
        if (type.equals(LinkSetValue.TYPE)) {
            return decoded(value, LinkSetValue::decode);
        }
        return type.equals(LOCATIONS) ? decoded(value, Locations::decode) : Optional.empty();
    }

    private interface Decoder {
        Object decode(byte[] data) throws MalformedRecordException;
    }

    private static Optional<String> decoded(HandleValue value, Decoder decoder) {
        try {
            decoder.decode(value.data());
            return Optional.empty();
        } catch (MalformedRecordException e) {
            return Optional.of(named(value) + ": " + e.getMessage());
        }
    }

    private static String named(HandleValue value) {
        return "value " + value.index() + " of type " + value.type();
    }
}
