package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Public keys as the Handle System writes them, in {@code HS_PUBKEY} values, site records and session set-ups.
 *
 * <pre>
 * utf8 algorithm, i2 flags 0, then numbers as bytes (two's complement, big-endian):
 *   RSA_PUB_KEY  e, n, and four zero octets the reference implementation leaves behind them
 *   DSA_PUB_KEY  q, p, g, y
 *   DH_PUB_KEY   y, p, g
 * </pre>
 *
 * @see "RFC 3651 §3.2.3 HS_PUBKEY"
 */
public final class HandleKeys {
    /** RSA: exponent, modulus. */
    public static final String RSA = "RSA_PUB_KEY";
    /** DSA: subprime q, prime p, base g, public value y. */
    public static final String DSA = "DSA_PUB_KEY";
    /** Diffie-Hellman: public value, prime, base. */
    public static final String DIFFIE_HELLMAN = "DH_PUB_KEY";

    private static final int MAX_NUMBERS = 4;

    /**
     * A key's numbers.
     *
     * @param algorithm for example {@link #RSA}
     * @param numbers in the algorithm's order
     */
    public record Key(String algorithm, List<BigInteger> numbers) {
        /** Copies the list. */
        public Key {
            numbers = List.copyOf(numbers);
        }
    }

    private HandleKeys() {}

    /** The key's octets. */
    public static byte[] encode(String algorithm, BigInteger... numbers) {
        byte[] name = algorithm.getBytes(StandardCharsets.UTF_8);
        int size = 4 + name.length + 2 + (algorithm.equals(RSA) ? 4 : 0);
        for (BigInteger n : numbers) {
            size += 4 + n.toByteArray().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(name.length).put(name).putShort((short) 0);
        for (BigInteger n : numbers) {
            byte[] octets = n.toByteArray();
            out.putInt(octets.length).put(octets);
        }
        return out.array();
    }

    /**
     * Reads a key.
     *
     * @throws MalformedRecordException if it is cut short or has too many numbers
     */
    public static Key decode(byte[] octets) throws MalformedRecordException {
        ByteBuffer in = ByteBuffer.wrap(octets);
        String algorithm = new String(bytes(in, "algorithm"), StandardCharsets.UTF_8);
        if (in.remaining() < 2) {
            throw new MalformedRecordException("key has no flags");
        }
        in.getShort();
        List<BigInteger> numbers = new ArrayList<>(MAX_NUMBERS);
        while (in.remaining() >= 4 && numbers.size() < MAX_NUMBERS) {
            byte[] number = bytes(in, "number");
            if (number.length > 0) {
                numbers.add(new BigInteger(number));
            }
        }
        if (in.hasRemaining()) {
            throw new MalformedRecordException("key has " + in.remaining() + " octets too many");
        }
        return new Key(algorithm, numbers);
    }

    private static byte[] bytes(ByteBuffer in, String what) throws MalformedRecordException {
        if (in.remaining() < 4) {
            throw new MalformedRecordException("key ends before the length of its " + what);
        }
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new MalformedRecordException(
                    "length of the key's " + what + " must be in 0.." + in.remaining() + " but was " + length);
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }
}
