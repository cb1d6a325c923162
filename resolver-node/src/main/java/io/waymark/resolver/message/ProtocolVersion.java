package io.waymark.resolver.message;

/**
 * A version of the Handle protocol.
 *
 * @param major 0…255 on the wire
 * @param minor 0…255
 */
public record ProtocolVersion(int major, int minor) implements Comparable<ProtocolVersion> {
    /** The newest this node speaks. */
    public static final ProtocolVersion NEWEST = new ProtocolVersion(2, 11);
    /** The oldest this node speaks. */
    public static final ProtocolVersion OLDEST = new ProtocolVersion(2, 1);
    /** The version from which code 303 is a prefix referral. */
    public static final ProtocolVersion PREFIX_REFERRALS = new ProtocolVersion(2, 5);
    /** The version from which digests are SHA-256 and signed input has the envelope's fields. */
    public static final ProtocolVersion SHA256 = new ProtocolVersion(2, 7);
    /** The version from which the suggested version is signed too. */
    public static final ProtocolVersion SIGNS_SUGGESTION = new ProtocolVersion(2, 8);

    private static final ProtocolVersion UNSIGNABLE = new ProtocolVersion(2, 6);
    private static final ProtocolVersion BELOW_UNSIGNABLE = new ProtocolVersion(2, 5);

    /**
     * The version to answer a client in that speaks at most {@code suggested}: the lower of his newest and ours. 2.6
     * signs octets no two implementations agree on, so such a client is answered in 2.5, which he speaks too.
     */
    public static ProtocolVersion negotiate(ProtocolVersion suggested) {
        ProtocolVersion lower = suggested.atLeast(NEWEST) ? NEWEST : suggested;
        return lower.equals(UNSIGNABLE) ? BELOW_UNSIGNABLE : lower;
    }

    /** Whether this version is {@code other} or newer. */
    public boolean atLeast(ProtocolVersion other) {
        return compareTo(other) >= 0;
    }

    /** Whether a message of this version can be read and answered here. */
    public boolean spoken() {
        return major == 2 && minor >= OLDEST.minor();
    }

    @Override
    public int compareTo(ProtocolVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
