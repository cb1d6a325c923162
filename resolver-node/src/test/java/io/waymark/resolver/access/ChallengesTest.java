package io.waymark.resolver.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChallengesTest {
    private static final long NOW = TimeUnit.HOURS.toNanos(5);

    private final Challenges challenges = new Challenges();

    @Test
    void findsItsOwnUntilTheyAreTooOld() {
        Challenges.Challenge fresh = challenges.fresh(NOW);
        long limit = NOW + TimeUnit.SECONDS.toNanos(Challenges.SECONDS_MAX);

        assertThat(challenges.find(fresh.sessionId(), limit).orElseThrow().nonce())
                .isEqualTo(fresh.nonce());
        assertThat(challenges.find(fresh.sessionId(), limit + TimeUnit.SECONDS.toNanos(1)))
                .isEmpty();
    }

    @Test
    void findsNoneOfAnotherProcess() {
        assertThat(new Challenges().find(challenges.fresh(NOW).sessionId(), NOW))
                .isEmpty();
    }

    @Test
    void everyOctetCounts() {
        byte[] whole = Base64.getUrlDecoder().decode(challenges.fresh(NOW).sessionId());
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThat(challenges.find(id, NOW)).as("octet %d", i).isEmpty();
        }
        assertThat(challenges.find("", NOW)).isEmpty();
        assertThat(challenges.find("not base64!", NOW)).isEmpty();
    }
}
