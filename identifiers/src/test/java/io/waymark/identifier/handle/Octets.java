package io.waymark.identifier.handle;

import java.util.HexFormat;

/** Octets in tests: hexadecimal digits, spaces ignored. */
final class Octets {
    private Octets() {}

    static byte[] of(String... lines) {
        return HexFormat.of().parseHex(String.join("", lines).replace(" ", ""));
    }

    static String hex(byte[] octets) {
        return HexFormat.of().withUpperCase().formatHex(octets);
    }
}
