package io.waymark.resolver.message;

/**
 * Bits of a message's OpFlag field.
 *
 * @see "RFC 3652 §2.2.2.3 OpFlag"
 */
public final class OpFlags {
    /** Request: skip caches. Answer: given by a primary. */
    public static final int AUTHORITATIVE = 0x8000_0000;
    /** Request: sign the answer. Answer: is signed. */
    public static final int CERTIFIED = 0x4000_0000;
    /** Encrypt the answer with the session key. */
    public static final int ENCRYPT = 0x2000_0000;
    /** The server may ask others. */
    public static final int RECURSIVE = 0x1000_0000;
    /** A cache may sign in its own name. */
    public static final int CACHE_CERTIFIED = 0x0800_0000;
    /** More messages of this answer follow. */
    public static final int CONTINUES = 0x0400_0000;
    /** Please keep the connection. */
    public static final int KEEP_ALIVE = 0x0200_0000;
    /** Only publicly readable values are wanted. */
    public static final int PUBLIC_ONLY = 0x0100_0000;
    /** The answer starts with a digest of the request. */
    public static final int REQUEST_DIGEST = 0x0080_0000;
    /** Replace what exists; in an answer: something was replaced. */
    public static final int OVERWRITE = 0x0040_0000;
    /** The server completes the new handle's name. */
    public static final int MINT = 0x0020_0000;
    /** Do not refer. */
    public static final int NO_REFERRAL = 0x0010_0000;

    /** What a plain request carries. */
    public static final int DEFAULT_REQUEST = RECURSIVE | CACHE_CERTIFIED | PUBLIC_ONLY;
    /** Bits an answer repeats from its request. */
    public static final int ECHOED = RECURSIVE | CACHE_CERTIFIED | PUBLIC_ONLY | KEEP_ALIVE;

    private OpFlags() {}

    /** Whether {@code flags} has {@code bit}. */
    public static boolean has(int flags, int bit) {
        return (flags & bit) != 0;
    }
}
