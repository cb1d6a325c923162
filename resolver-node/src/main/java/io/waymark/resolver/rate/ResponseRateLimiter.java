package io.waymark.resolver.rate;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Decides, for each request over UDP, whether its source may be answered. Any thread; no lock, no allocation.
 *
 * <p>A source's bucket is one number: the time at which it will be full again, in nanoseconds since the limiter was made (the
 * generic cell rate algorithm). A datagram moves it on by the time a datagram takes to be earned back; it may lie ahead of
 * now by the time of a whole burst, and further only for what was sent already. A full bucket is as good as none, so nothing need ever be cleaned up.
 *
 * <pre>
 * table   sets of 4 ways; way = source, bucket
 * source  bit 63 set: IPv4, low bits the address; bit 62 set: IPv6, low 56 bits the address's first; 0: free
 * </pre>
 *
 * <p>When a set has no way for a source, the way whose bucket is fullest is taken: who floods keeps his empty bucket. Threads
 * that meet in one way may lose each other's last datagram, never more.
 */
public final class ResponseRateLimiter {
    /** What becomes of a request. */
    public enum Verdict {
        /** It is answered. */
        ANSWER,
        /** Its source is over the limit, and is told so briefly. */
        SLIP,
        /** Its source is over the limit and gets nothing. */
        DROP
    }

    private static final int WAYS = 4;
    /** Answers of several datagrams may cost more than is there; the debt ends somewhere, for who was never asked owes it. */
    private static final int DEBT_BURSTS_MAX = 8;

    private static final long IPV4 = 1L << 63;
    private static final long IPV6 = 1L << 62;
    private static final long SECOND = 1_000_000_000L;

    private final ResponseRate rate;
    private final long startNanos;
    private final long datagramNanos;
    private final long burstNanos;
    private final long seed = new SecureRandom().nextLong() | 1;
    private final int setMask;
    private final AtomicLongArray table;
    private final AtomicInteger over = new AtomicInteger();

    /** @param nowNanos as for the other methods, from {@link System#nanoTime} */
    public ResponseRateLimiter(ResponseRate rate, long nowNanos) {
        this.rate = rate;
        this.startNanos = nowNanos;
        this.datagramNanos = rate.perSecond() == 0 ? 0 : SECOND / rate.perSecond();
        this.burstNanos = datagramNanos * rate.burst();
        int sets = Math.max(1, Integer.highestOneBit(2 * rate.sourcesMax() - 1) / WAYS);
        this.setMask = sets - 1;
        this.table = new AtomicLongArray(rate.perSecond() == 0 ? 0 : 2 * WAYS * sets);
    }

    /** Takes one datagram from the source's bucket, or says what to do instead. */
    public Verdict ask(InetAddress source, long nowNanos) {
        if (rate.perSecond() == 0) {
            return Verdict.ANSWER;
        }
        byte[] address = source.getAddress();
        if (isExempt(address)) {
            return Verdict.ANSWER;
        }
        return take(bucket(key(address)), nowNanos - startNanos) ? Verdict.ANSWER : overLimit();
    }

    /** Takes further datagrams, sent already: an answer may take several. */
    public void charge(InetAddress source, int datagrams, long nowNanos) {
        if (rate.perSecond() == 0 || datagrams <= 0) {
            return;
        }
        byte[] address = source.getAddress();
        if (!isExempt(address)) {
            long now = nowNanos - startNanos;
            int bucket = bucket(key(address));
            long full = Math.max(table.get(bucket), now) + datagrams * datagramNanos;
            table.set(bucket, Math.min(full, now + DEBT_BURSTS_MAX * burstNanos));
        }
    }

    private boolean take(int bucket, long now) {
        long was = table.get(bucket);
        long full = Math.max(was, now) + datagramNanos;
        if (full - now > burstNanos) {
            return false;
        }
        table.weakCompareAndSetPlain(bucket, was, full);
        return true;
    }

    private Verdict overLimit() {
        return rate.slip() > 0 && Math.floorMod(over.incrementAndGet(), rate.slip()) == 0 ? Verdict.SLIP : Verdict.DROP;
    }

    private boolean isExempt(byte[] address) {
        for (int i = 0; i < rate.exempt().size(); i++) {
            if (rate.exempt().get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private long key(byte[] address) {
        long high = 0;
        int octets = Math.min(address.length, 7);
        for (int i = 0; i < octets; i++) {
            high = (high << 8) | (address[i] & 0xff);
        }
        return address.length == 4
                ? IPV4 | (high >>> (32 - rate.ipv4Bits()))
                : IPV6 | (high >>> (56 - rate.ipv6Bits()));
    }

    /** Where the source's bucket lies; from now on it is the source's. */
    private int bucket(long key) {
        long mixed = key * seed;
        int set = (int) (Math.multiplyHigh(mixed, seed) ^ (mixed >>> 32)) & setMask;
        int first = set * 2 * WAYS;
        int fullest = first;
        for (int way = first; way < first + 2 * WAYS; way += 2) {
            if (table.get(way) == key) {
                return way + 1;
            }
            if (table.get(way + 1) < table.get(fullest + 1)) {
                fullest = way;
            }
        }
        table.set(fullest, key);
        table.set(fullest + 1, 0);
        return fullest + 1;
    }

    /** Sources whose buckets are not full just now. */
    public int activeSources(long nowNanos) {
        int active = 0;
        for (int bucket = 1; bucket < table.length(); bucket += 2) {
            active += table.get(bucket) > nowNanos - startNanos ? 1 : 0;
        }
        return active;
    }
}
