package io.waymark.resolver.upstream;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses questions may be passed on to. Site records are written by others: who writes one must not be able to
 * make this node talk to its own machine or its own network.
 */
public enum Targets {
    /** Addresses of the public Internet. */
    PUBLIC,
    /** These, and private networks. */
    PRIVATE,
    /** Any, this machine too. */
    ANY;

    private static final int CARRIER_NAT_SECOND = 64;

    /** Whether questions may go there. */
    public boolean allows(InetAddress address) {
        InetAddress meant = embedded(address);
        if (meant.isAnyLocalAddress() || meant.isMulticastAddress() || isReserved(meant)) {
            return false;
        }
        if (meant.isLoopbackAddress() || meant.isLinkLocalAddress()) {
            return this == ANY;
        }
        return this != PUBLIC || !isPrivate(meant);
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        if (address instanceof Inet4Address) {
            boolean carrier = (octets[0] & 0xff) == 100 && (octets[1] & 0xc0) == CARRIER_NAT_SECOND;
            return address.isSiteLocalAddress() || carrier;
        }
        return address.isSiteLocalAddress() || (octets[0] & 0xfe) == 0xfc;
    }

    /** "This network", and what multicast leaves of the top: broadcast and class E. */
    private static boolean isReserved(InetAddress address) {
        int first = address.getAddress()[0] & 0xff;
        return address instanceof Inet4Address && (first == 0 || first >= 240);
    }

    /** An IPv4 address in IPv6 clothes (mapped, compatible, 6to4, NAT64) is judged as what it leads to. */
    private static InetAddress embedded(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return address;
        }
        byte[] o = address.getAddress();
        if (o[0] == 0x20 && o[1] == 0x02) {
            return v4(o, 2);
        }
        boolean nat64 = o[0] == 0 && o[1] == 0x64 && (o[2] & 0xff) == 0xff && (o[3] & 0xff) == 0x9b;
        return nat64 || allZero(o, 12) ? v4(o, 12) : address;
    }

    private static boolean allZero(byte[] octets, int count) {
        for (int i = 0; i < count; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress v4(byte[] octets, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(octets, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 octets always make an address", e);
        }
    }
}
