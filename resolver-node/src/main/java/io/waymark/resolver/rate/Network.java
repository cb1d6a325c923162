package io.waymark.resolver.rate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses that share their first bits, as in {@code 192.0.2.0/24} or {@code 2001:db8::/32}.
 *
 * @param address 4 or 16 octets, network byte order; owned by the value, never written
 * @param bits how many of its bits count
 */
public record Network(byte[] address, int bits) {
    private static final Pattern NUMERIC =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/([0-9]{1,3}))?");

    /** Refuses a length the address does not have. */
    public Network {
        if (bits < 0 || bits > 8 * address.length) {
            throw new IllegalArgumentException(
                    "network must have 0.." + 8 * address.length + " bits but was given " + bits);
        }
    }

    /**
     * Reads {@code ADDRESS/BITS}, or {@code ADDRESS} for that one alone. Names are not looked up.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Network parse(String text) {
        Matcher m = NUMERIC.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no network such as 192.0.2.0/24 or 2001:db8::/32");
        }
        byte[] address = octets(text, m.group(1));
        return new Network(address, m.group(2) == null ? 8 * address.length : Integer.parseInt(m.group(2)));
    }

    private static byte[] octets(String text, String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" has no valid address", e);
        }
    }

    /** Whether an address, in octets, belongs to it. */
    public boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = bits / 8;
        int rest = 8 - bits % 8;
        return Arrays.equals(address, 0, whole, other, 0, whole)
                && (rest == 8 || (address[whole] & 0xff) >>> rest == (other[whole] & 0xff) >>> rest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && bits == that.bits && Arrays.equals(address, that.address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + bits;
    }
}
