package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * User and password of a request; never printed.
 *
 * @see "RFC 7617 The 'Basic' HTTP Authentication Scheme"
 */
final class BasicCredentials {
    private static final String SCHEME = "basic ";

    private final String user;
    private final byte[] password;

    private BasicCredentials(String user, byte[] password) {
        this.user = user;
        this.password = password;
    }

    /** Those of the request, or null when it has none that can be read. */
    static @Nullable BasicCredentials of(RequestHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            return parse(Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable BasicCredentials parse(byte[] octets) {
        for (int colon = 0; colon < octets.length; colon++) {
            if (octets[colon] == ':') {
                return new BasicCredentials(
                        new String(octets, 0, colon, StandardCharsets.UTF_8),
                        Arrays.copyOfRange(octets, colon + 1, octets.length));
            }
        }
        return null;
    }

    /** May be empty. */
    String user() {
        return user;
    }

    /** Octets of UTF-8, as the client was told. */
    byte[] password() {
        return password;
    }
}
