package io.waymark.resolver.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.ValueReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WebSessionsTest {
    private static final ValueReference ADMIN = new ValueReference("88.118.8/ADMIN", 300);
    private static final ValueReference OTHER = new ValueReference("88.118.9/ADMIN", 300);

    private final WebSessions sessions = new WebSessions();
    private long now;

    private String open(ValueReference identity) {
        Challenges.Challenge challenge = new Challenges().fresh(now);
        return sessions.open(challenge, identity, "digest", now).orElseThrow().id();
    }

    @Test
    void endsWhenItIsNotUsed() {
        String id = open(ADMIN);
        now += WebSessions.IDLE_NANOS_MAX;
        assertThat(sessions.use(id, now)).isPresent();
        now += WebSessions.IDLE_NANOS_MAX + 1;
        assertThat(sessions.use(id, now)).isEmpty();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void endsAfterItsLifeHoweverMuchItIsUsed() {
        String id = open(ADMIN);
        while (now < WebSessions.LIFE_NANOS_MAX) {
            assertThat(sessions.use(id, now)).isPresent();
            now += WebSessions.IDLE_NANOS_MAX;
        }
        now++;
        assertThat(sessions.use(id, now)).isEmpty();
    }

    @Test
    void aChallengeBeginsOneSession() {
        Challenges.Challenge challenge = new Challenges().fresh(now);

        assertThat(sessions.open(challenge, ADMIN, "digest", now)).isPresent();
        assertThat(sessions.open(challenge, ADMIN, "digest", now)).isEmpty();
        sessions.close(challenge.sessionId(), now);
        assertThat(sessions.open(challenge, ADMIN, "digest", now)).isEmpty();
        assertThat(sessions.isSpent(challenge.sessionId())).isTrue();

        now += TimeUnit.SECONDS.toNanos(Challenges.SECONDS_MAX + 2);
        open(ADMIN);
        assertThat(sessions.isSpent(challenge.sessionId()))
                .as("too old to be answered anyway")
                .isFalse();
    }

    @Test
    void oneIdentityPushesOutItsOwnOnly() {
        String others = open(OTHER);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < WebSessions.PER_IDENTITY_MAX; i++) {
            ids.add(open(ADMIN));
        }
        sessions.use(ids.get(0), now);
        open(ADMIN);

        assertThat(sessions.use(others, now)).isPresent();
        assertThat(sessions.use(ids.get(0), now)).as("used since").isPresent();
        assertThat(sessions.use(ids.get(1), now)).as("the longest unused").isEmpty();
        assertThat(sessions.size()).isEqualTo(WebSessions.PER_IDENTITY_MAX + 1);
    }

    @Test
    void isBounded() {
        for (int i = 0; i < WebSessions.MAX + 10; i++) {
            open(new ValueReference("88.1/" + i, 300));
        }
        assertThat(sessions.size()).isEqualTo(WebSessions.MAX);
    }
}
