package io.waymark.resolver.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.ValueReference;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
    private static final ValueReference ADMIN = new ValueReference("88.118.8/ADMIN", 300);
    private static final ValueReference SAME = new ValueReference("88.118.8/admin", 301);
    private static final ValueReference OTHER = new ValueReference("88.118.9/ADMIN", 300);

    private final GuessLimit limit = new GuessLimit();
    private long now;

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    private void fail(String from, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            limit.failed(address(from), ADMIN, now);
        }
    }

    @Test
    void letsTryUntilTheTenthFailureWithinAMinute() throws Exception {
        fail("10.0.0.1", GuessLimit.FAILURES_MAX - 1);
        assertThat(limit.mayTry(address("10.0.0.1"), ADMIN, now)).isTrue();
        fail("10.0.0.1", 1);
        assertThat(limit.mayTry(address("10.0.0.1"), ADMIN, now)).isFalse();
        now += GuessLimit.WINDOW_NANOS + 1;
        assertThat(limit.mayTry(address("10.0.0.1"), ADMIN, now)).isTrue();
    }

    @Test
    void concernsOneSourceAndOneHandle() throws Exception {
        fail("10.0.0.1", GuessLimit.FAILURES_MAX);

        assertThat(limit.mayTry(address("10.0.0.1"), SAME, now)).isFalse();
        assertThat(limit.mayTry(address("10.0.0.1"), OTHER, now)).isTrue();
        assertThat(limit.mayTry(address("10.0.0.2"), ADMIN, now)).isTrue();
    }

    @Test
    void takesAnIpv6NetworkForOneSource() throws Exception {
        fail("2001:db8:1:2::1", GuessLimit.FAILURES_MAX);

        assertThat(limit.mayTry(address("2001:db8:1:2:ffff::9"), ADMIN, now)).isFalse();
        assertThat(limit.mayTry(address("2001:db8:1:3::1"), ADMIN, now)).isTrue();
    }

    @Test
    void forgetsFailuresOfWhoIsRightInTheEnd() throws Exception {
        fail("10.0.0.1", GuessLimit.FAILURES_MAX - 1);
        limit.succeeded(address("10.0.0.1"), ADMIN);
        fail("10.0.0.1", GuessLimit.FAILURES_MAX - 1);

        assertThat(limit.mayTry(address("10.0.0.1"), ADMIN, now)).isTrue();
    }
}
