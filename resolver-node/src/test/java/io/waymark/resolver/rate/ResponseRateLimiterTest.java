package io.waymark.resolver.rate;

import static io.waymark.resolver.rate.ResponseRateLimiter.Verdict.ANSWER;
import static io.waymark.resolver.rate.ResponseRateLimiter.Verdict.DROP;
import static io.waymark.resolver.rate.ResponseRateLimiter.Verdict.SLIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waymark.resolver.rate.ResponseRateLimiter.Verdict;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResponseRateLimiterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;

    private long now = Long.MAX_VALUE - 3 * SECOND; // nanoTime may be anything, and pass its end

    private ResponseRateLimiter limiter(int perSecond, int burst, int slip, String... exempt) {
        List<Network> networks = List.of(exempt).stream().map(Network::parse).toList();
        return new ResponseRateLimiter(new ResponseRate(perSecond, burst, slip, 24, 56, 1024, networks), now);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private int answered(ResponseRateLimiter limiter, String source, int requests) {
        int answered = 0;
        for (int i = 0; i < requests; i++) {
            answered += limiter.ask(address(source), now) == ANSWER ? 1 : 0;
        }
        return answered;
    }

    @Test
    void answersABurstAndThenAtTheRate() {
        ResponseRateLimiter limiter = limiter(100, 20, 0);
        assertThat(answered(limiter, "192.0.2.1", 50)).isEqualTo(20);
        now += 50 * MILLI;
        assertThat(answered(limiter, "192.0.2.1", 50)).isEqualTo(5);
        now += 10 * SECOND;
        assertThat(answered(limiter, "192.0.2.1", 50))
                .as("never more than a burst")
                .isEqualTo(20);
    }

    /** Whoever stays below the rate is never refused, however long it lasts and whatever others do. */
    @Test
    void neverHindersWhoStaysBelowTheRate() {
        ResponseRateLimiter limiter = limiter(1000, 10, 2);
        for (int i = 0; i < 20_000; i++) {
            now += MILLI;
            assertThat(limiter.ask(address("198.51.100.7"), now))
                    .as("request %d", i)
                    .isEqualTo(ANSWER);
            answered(limiter, "192.0.2.1", 3);
        }
    }

    @Test
    void countsANetworkTogetherAndNetworksApart() {
        ResponseRateLimiter limiter = limiter(1, 2, 0);
        assertThat(answered(limiter, "192.0.2.1", 1)).isEqualTo(1);
        assertThat(answered(limiter, "192.0.2.254", 2)).isEqualTo(1);
        assertThat(answered(limiter, "192.0.3.1", 3)).isEqualTo(2);
        assertThat(answered(limiter, "2001:db8:0:100::1", 1)).isEqualTo(1);
        assertThat(answered(limiter, "2001:db8:0:1ff:ffff::1", 2)).isEqualTo(1);
        assertThat(answered(limiter, "2001:db8:0:200::1", 3)).isEqualTo(2);
    }

    @Test
    void tellsEveryNthOverTheLimit() {
        ResponseRateLimiter limiter = limiter(1, 1, 3);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            verdicts.add(limiter.ask(address("192.0.2.1"), now));
        }
        assertThat(verdicts).containsExactly(ANSWER, DROP, DROP, SLIP, DROP, DROP, SLIP);
    }

    @Test
    void makesLargeAnswersCostMore() {
        ResponseRateLimiter limiter = limiter(10, 10, 0);
        assertThat(answered(limiter, "192.0.2.1", 2)).isEqualTo(2);
        limiter.charge(address("192.0.2.1"), 6, now);
        assertThat(answered(limiter, "192.0.2.1", 10)).isEqualTo(2);
        limiter.charge(address("192.0.2.1"), 1_000_000, now);
        now += 8 * SECOND; // a debt is no more than eight bursts
        assertThat(answered(limiter, "192.0.2.1", 20)).isEqualTo(10);
    }

    @Test
    void leavesTheExemptAloneAndEverybodyWhenItIsOff() {
        ResponseRateLimiter limiter = limiter(1, 1, 0, "127.0.0.0/8", "::1");
        assertThat(answered(limiter, "127.3.2.1", 50)).isEqualTo(50);
        assertThat(answered(limiter, "::1", 50)).isEqualTo(50);
        assertThat(answered(limiter, "::2", 50)).isEqualTo(1);
        assertThat(answered(limiter(0, 1, 0), "192.0.2.1", 50)).isEqualTo(50);
    }

    /**
     * As each source alone with a bucket of its own would be, while none gives way to another: in a small table five sources may
     * come to the same four places, though once in thousands of runs.
     */
    @Test
    void doesWhatABucketForEachWouldDo() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ResponseRateLimiter limiter =
                new ResponseRateLimiter(new ResponseRate(50, 8, 0, 24, 56, 1 << 18, List.of()), now);
        Map<Integer, Double> full = new HashMap<>();
        long start = now;
        for (int i = 0; i < 50_000; i++) {
            now += random.nextInt(2_000_000);
            int network = random.nextInt(random.nextInt(1, 60));
            double seconds = (now - start) / 1e9;
            double then = Math.max(full.getOrDefault(network, 0.0), seconds) + 0.02;
            boolean expected = then - seconds <= 8 * 0.02 + 1e-7;
            if (expected) {
                full.put(network, then);
            }
            boolean close = Math.abs(then - seconds - 8 * 0.02) < 1e-6;
            boolean answered = limiter.ask(address("10.0." + network + '.' + random.nextInt(256)), now) == ANSWER;
            if (!close) {
                assertThat(answered).as("seed %d, step %d", seed, i).isEqualTo(expected);
            }
        }
    }

    /** More sources than places: whoever floods is still held down, and the table stays what it is. */
    @Test
    void holdsAFloodDownWhileManySourcesPassBy() {
        ResponseRateLimiter limiter = limiter(10, 10, 0);
        int flood = 0;
        for (int i = 0; i < 200_000; i++) {
            now += MILLI / 10;
            flood += answered(limiter, "192.0.2.1", 1);
            limiter.ask(address("10." + (i >> 16) + '.' + ((i >> 8) & 255) + '.' + (i & 255)), now);
        }
        assertThat(flood).as("in 20 s at 10 a second").isBetween(200, 260);
        assertThat(limiter.activeSources(now)).isBetween(1, 1024);
    }

    @Test
    void allocatesNothingWorthSpeakingOf() {
        ResponseRateLimiter limiter = limiter(10, 10, 2, "127.0.0.0/8");
        InetAddress source = address("192.0.2.1");
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 10_000; i++) {
            limiter.ask(source, now);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            limiter.ask(source, now);
        }
        // the address as octets, which the optimising compiler removes too
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 10_000).isLessThanOrEqualTo(24);
    }

    @Test
    void refusesImpossibleRates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponseRate(1, 0, 0, 24, 56, 1024, List.of()))
                .withMessage("response rate: burst must be in 1..1000000000 but was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new ResponseRate(1, 1, 0, 33, 56, 1024, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResponseRate(1, 1, 0, 24, 57, 1024, List.of()));
    }
}
