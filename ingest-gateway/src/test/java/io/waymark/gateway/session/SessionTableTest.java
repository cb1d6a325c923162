package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Unsubscribe;
import io.waymark.gateway.packet.Will;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.SessionTable.Attachment;
import io.waymark.gateway.session.SessionTable.Departure;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final ClientKey KEY = new ClientKey("device", "client");
    private static final long SECOND = 1_000_000_000L;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final SessionTable table = new SessionTable(
            new SessionLimits(
                    3,
                    1_000,
                    new SessionLimits.SubscriptionLimits(2, 5),
                    new SessionLimits.QueueLimits(10, 10_000, 1 << 20, Duration.ofDays(1)),
                    new SessionLimits.RetainedLimits(2, 10_000),
                    10_000),
            metrics,
            Clock.systemUTC());
    private long now = 77;

    private static final class Connection implements SessionOwner {
        final CompletableFuture<Void> released = new CompletableFuture<>();
        boolean evicted;
        int woken;

        @Override
        public CompletionStage<Void> evict() {
            evicted = true;
            return released;
        }

        @Override
        public void outboundReady() {
            woken++;
        }
    }

    private Attachment attach(Connection connection, boolean clean, long expirySeconds) {
        assertThat(table.claim(KEY, connection)).isCompleted();
        return table.attach(KEY, connection, clean, expirySeconds);
    }

    private static Will will(long delaySeconds) {
        return new Will("gone", 1, false, delaySeconds, MessageProperties.NONE, new byte[0]);
    }

    private static Subscription to(String filter) {
        return new Subscription(filter, 1, false, false, 0, 0);
    }

    private static LiveMessage message(String topic, boolean retain, int octets) {
        return new LiveMessage(topic, 1, retain, MessageProperties.NONE, LiveMessage.NEVER, new byte[octets]);
    }

    private void route(LiveMessage message, @Nullable Session publisher) {
        Routing routing = table.router().decide(message, publisher);
        if (routing != null) {
            routing.durable();
            routing.deliver();
        }
    }

    @Test
    void aRecordOfTheFirstVersionHasNoQueue() {
        byte[] first = {1, 0, 0, 0, 10, 0, 0};
        assertThat(SessionRecord.decode(first)).isEqualTo(new SessionRecord(10, 0, List.of()));
    }

    @Test
    void aSessionWithExpiryIsThereAgain() {
        Connection first = new Connection();
        Session session = attach(first, false, 10).session();
        assertThat(table.detach(KEY, first, session, null, now)).isFalse();
        Attachment again = attach(new Connection(), false, 10);
        assertThat(again.present()).isTrue();
        assertThat(again.session()).isSameAs(session);
    }

    @Test
    void aSessionWithoutExpiryEndsWithItsConnection() {
        Connection first = new Connection();
        Session session = attach(first, false, 0).session();
        assertThat(table.detach(KEY, first, session, null, now)).isTrue();
        assertThat(table.size()).isZero();
        assertThat(attach(new Connection(), false, 0).present()).isFalse();
    }

    @Test
    void cleanStartEndsTheOldSessionAndItsSubscriptions() {
        Connection first = new Connection();
        Session old = attach(first, false, 10).session();
        table.subscriptions().subscribe(old, new Subscribe(1, List.of(to("a/#"))), Offer.defaults(), filter -> true);
        table.detach(KEY, first, old, will(5), now);
        Attachment fresh = attach(new Connection(), true, 10);
        assertThat(fresh.present()).isFalse();
        Departure ended = Objects.requireNonNull(fresh.ended());
        assertThat(ended.will()).isNotNull();
        assertThat(table.router().subscriptions()).isZero();
    }

    @Test
    void aSecondClaimEvictsTheFirstAndWaitsForIt() {
        Connection first = new Connection();
        attach(first, false, 0);
        Connection second = new Connection();
        CompletionStage<Void> claim = table.claim(KEY, second);
        assertThat(first.evicted).isTrue();
        assertThat(claim).isNotCompleted();
        first.released.complete(null);
        assertThat(claim).isCompleted();
    }

    @Test
    void expiryEndsASessionOnlyWhenItsTimeIsUp() {
        Connection first = new Connection();
        Session session = attach(first, false, 10).session();
        table.detach(KEY, first, session, null, now);
        assertThat(table.expire(now + 9 * SECOND)).isEmpty();
        List<Departure> departures = table.expire(now + 10 * SECOND);
        assertThat(departures).hasSize(1);
        assertThat(departures.get(0).ended()).isTrue();
        assertThat(table.expire(now + 11 * SECOND)).isEmpty();
        table.buried(session);
        assertThat(table.size()).isZero();
    }

    @Test
    void aForgottenDevicesSessionIsNobodysAlsoBeforeItExpires() {
        Connection first = new Connection();
        Session old = attach(first, false, 100).session();
        table.detach(KEY, first, old, null, now);
        table.expireAll("device", now);
        Attachment successor = attach(new Connection(), false, 100);
        assertThat(successor.present()).isFalse();
        assertThat(successor.session()).isNotSameAs(old);
        assertThat(Objects.requireNonNull(successor.ended()).session()).isSameAs(old);
    }

    @Test
    void aForgottenDevicesSessionEndsAlsoIfItsConnectionEndsLater() {
        Connection first = new Connection();
        Session old = attach(first, false, 100).session();
        table.expireAll("device", now);
        table.detach(KEY, first, old, null, now);
        assertThat(table.expire(now)).extracting(Departure::session).containsExactly(old);
    }

    @Test
    void nobodyBeginsASessionBeforeTheStoreHasForgottenTheExpiredOne() {
        Connection first = new Connection();
        Session session = attach(first, false, 10).session();
        table.detach(KEY, first, session, null, now);
        table.expire(now + 10 * SECOND);
        Connection second = new Connection();
        CompletionStage<Void> claim = table.claim(KEY, second);
        assertThat(claim).isNotCompleted();
        table.buried(session);
        assertThat(claim).isCompleted();
        assertThat(table.attach(KEY, second, false, 10).present()).isFalse();
    }

    @Test
    void aDelayedWillIsDueUnlessTheClientComesBack() {
        Connection first = new Connection();
        Session session = attach(first, false, 100).session();
        table.detach(KEY, first, session, will(5), now);
        Connection second = new Connection();
        attach(second, false, 100);
        assertThat(table.expire(now + 50 * SECOND)).isEmpty();

        table.detach(KEY, second, session, will(5), now + 50 * SECOND);
        List<Departure> due = table.expire(now + 55 * SECOND);
        assertThat(due).hasSize(1);
        assertThat(due.get(0).will()).isNotNull();
        assertThat(due.get(0).ended()).isFalse();
        assertThat(table.expire(now + 56 * SECOND)).isEmpty();
        assertThat(table.expire(now + 150 * SECOND)).hasSize(1);
    }

    @Test
    void aWillDelayedBeyondTheSessionIsDueWhenThatEnds() {
        Connection first = new Connection();
        Session session = attach(first, false, 10).session();
        table.detach(KEY, first, session, will(500), now);
        Departure end = table.expire(now + 10 * SECOND).get(0);
        assertThat(end.ended()).isTrue();
        assertThat(end.will()).isNotNull();
    }

    @Test
    void refusesMoreClientsThanItKeeps() {
        for (int i = 0; i < 3; i++) {
            assertThat(table.claim(new ClientKey("d", "c" + i), new Connection()))
                    .isNotNull();
        }
        assertThat(table.claim(new ClientKey("d", "c3"), new Connection())).isNull();
        assertThat(table.claim(new ClientKey("d", "c2"), new Connection()))
                .as("known")
                .isNotNull();
    }

    @Test
    void clientIdsOfDifferentDevicesAreDifferentClients() {
        table.claim(new ClientKey("a", "same"), new Connection());
        Connection other = new Connection();
        assertThat(table.claim(new ClientKey("b", "same"), other)).isCompleted();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aStoredSessionComesBackWithSubscriptionsAndIdentifiers() {
        Session session = attach(new Connection(), false, 10).session();
        table.subscriptions()
                .subscribe(
                        session,
                        new Subscribe(1, List.of(new Subscription("a/+", 2, true, true, 2, 300))),
                        Offer.defaults(),
                        filter -> true);
        byte[] record = Objects.requireNonNull(session.recordToStore());
        assertThat(session.recordToStore()).as("nothing new").isNull();
        assertThat(session.isStored()).isTrue();

        SessionTable later = new SessionTable(SessionLimits.defaults(), new SimpleMeterRegistry(), Clock.systemUTC());
        SessionRestore restoring = later.restoring(now);
        restoring.session(KEY.stored(), record, new int[] {4, 9});
        assertThat(restoring.queued(77, 1, new byte[] {2})).as("nobody's queue").isFalse();
        Connection back = new Connection();
        later.claim(KEY, back);
        Attachment attachment = later.attach(KEY, back, false, 10);
        assertThat(attachment.present()).isTrue();
        assertThat(attachment.session().inbound().size()).isEqualTo(2);
        assertThat(attachment.session().subscriptions())
                .containsExactly(new Subscription("a/+", 2, true, true, 2, 300));
        assertThat(attachment.session().recordToStore()).as("the store has it").isNull();
        assertThat(later.router().subscriptions()).isEqualTo(1);
    }

    @Test
    void damagedRecordsAreRefused() {
        byte[] good = SessionRecord.encode(10, 3, List.of(to("a/b")));
        assertThat(SessionRecord.decode(good)).isEqualTo(new SessionRecord(10, 3, List.of(to("a/b"))));
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> SessionRecord.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        good[0] = 3;
        assertThatThrownBy(() -> SessionRecord.decode(good)).hasMessageContaining("version must be in 1..2 but was 3");
    }

    @Test
    void theRecordIsWrittenAsDrawn() {
        assertThat(SessionRecord.encode(0xFFFF_FFFFL, 7, List.of(new Subscription("a/+", 2, true, false, 1, 5))))
                .containsExactly(
                        2, // version
                        -1,
                        -1,
                        -1,
                        -1, // never expires
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        7, // queue
                        0,
                        1, // one subscription
                        0,
                        3,
                        'a',
                        '/',
                        '+', // filter
                        0b01_0_1_10, // retain handling 1, no local, QoS 2
                        0,
                        0,
                        0,
                        5); // identifier
    }

    @Test
    void overlappingSubscriptionsGiveOneCopyWithTheHighestQosAndAllIdentifiers() {
        Connection connection = new Connection();
        Session session = attach(connection, true, 0).session();
        session.outbound().connected(10);
        table.subscriptions()
                .subscribe(
                        session,
                        new Subscribe(
                                1,
                                List.of(
                                        new Subscription("a/#", 0, false, false, 0, 1),
                                        new Subscription("a/+", 1, false, false, 0, 2))),
                        Offer.defaults(),
                        filter -> true);
        route(message("a/b", false, 1), null);
        assertThat(connection.woken).isEqualTo(1);
        Publish copy = (Publish) Objects.requireNonNull(session.outbound().poll(now));
        assertThat(copy.qos()).isEqualTo(1);
        assertThat(copy.subscriptionIds()).containsExactlyInAnyOrder(1, 2);
        assertThat(session.outbound().poll(now)).isNull();
    }

    @Test
    void noLocalKeepsAMessageFromItsPublisher() {
        Session session = attach(new Connection(), true, 0).session();
        session.outbound().connected(10);
        table.subscriptions()
                .subscribe(
                        session,
                        new Subscribe(1, List.of(new Subscription("a", 1, true, false, 0, 0))),
                        Offer.defaults(),
                        filter -> true);
        route(message("a", false, 1), session);
        assertThat(session.outbound().poll(now)).isNull();
        route(message("a", false, 1), null);
        assertThat(session.outbound().poll(now)).isNotNull();
    }

    @Test
    void subscriptionsBeyondTheLimitAreRefusedAndReplacementsAreNot() {
        Session session = attach(new Connection(), true, 0).session();
        assertThat(table.subscriptions()
                        .subscribe(
                                session,
                                new Subscribe(1, List.of(to("a"), to("b"), to("c"), to("a"))),
                                Offer.defaults(),
                                filter -> true)
                        .reasons())
                .containsExactly(
                        ReasonCode.GRANTED_QOS_1,
                        ReasonCode.GRANTED_QOS_1,
                        ReasonCode.QUOTA_EXCEEDED,
                        ReasonCode.GRANTED_QOS_1);
        assertThat(table.subscriptions().unsubscribe(session, new Unsubscribe(2, List.of("a", "x", "#/"))))
                .containsExactly(
                        ReasonCode.SUCCESS, ReasonCode.NO_SUBSCRIPTION_EXISTED, ReasonCode.TOPIC_FILTER_INVALID);
    }

    @Test
    void retainHandlingDecidesWhatANewSubscriptionGets() {
        route(message("a", true, 1), null);
        Session session = attach(new Connection(), true, 0).session();
        assertThat(retainedFor(session, 0)).isEqualTo(1);
        assertThat(retainedFor(session, 1)).as("not new").isZero();
        assertThat(retainedFor(session, 2)).isZero();
        table.subscriptions().unsubscribe(session, new Unsubscribe(1, List.of("a")));
        assertThat(retainedFor(session, 1)).as("new").isEqualTo(1);
    }

    private int retainedFor(Session session, int retainHandling) {
        Subscription subscription = new Subscription("a", 1, false, false, retainHandling, 0);
        return table.subscriptions()
                .subscribe(session, new Subscribe(1, List.of(subscription)), Offer.defaults(), filter -> true)
                .retained()
                .size();
    }

    /** Between the arrival of a retained message and its fsync there must be no gap to fall into. */
    @Test
    void whoSubscribesWhileARetainedMessageIsBeingWrittenGetsIt() {
        Session session = attach(new Connection(), true, 0).session();
        session.outbound().connected(10);
        Routing routing = Objects.requireNonNull(table.router().decide(message("a", true, 1), null));
        Subscriptions.Outcome outcome = table.subscriptions()
                .subscribe(session, new Subscribe(1, List.of(to("a"))), Offer.defaults(), filter -> true);
        assertThat(table.subscriptions().retained(session, outcome.retained(), now))
                .as("not there yet")
                .isEmpty();
        routing.durable();
        routing.deliver();
        assertThat(session.outbound().poll(now)).isNotNull();
        assertThat(session.outbound().poll(now)).isNull();
    }

    /** A subscription and a message sent right behind it may come to different event loops, in either order. */
    @Test
    void whoSubscribesWhileAMessageIsBeingWrittenGetsItOnce() {
        Session there = attach(new Connection(), true, 0).session();
        there.outbound().connected(10);
        table.router().subscribe(there, to("a"));
        ClientKey other = new ClientKey("late", "late");
        Connection second = new Connection();
        assertThat(table.claim(other, second)).isCompleted();
        Session late = table.attach(other, second, true, 0).session();
        late.outbound().connected(10);
        Routing routing = Objects.requireNonNull(table.router().decide(message("a", false, 1), null));
        table.router().subscribe(late, to("a"));
        routing.durable();
        routing.deliver();
        for (Session session : List.of(there, late)) {
            assertThat(session.outbound().poll(now)).isNotNull();
            assertThat(session.outbound().poll(now)).isNull();
        }
    }

    @Test
    void theFirstOfAllToSubscribeGetsAMessageThatIsBeingWritten() {
        assertThat(table.router().decide(message("a", false, 1), null)).isNull();
        table.router().subscribedFirst(message("a", false, 1), null);
        Session first = attach(new Connection(), true, 0).session();
        first.outbound().connected(10);
        table.router().subscribe(first, to("a"));
        table.router().subscribedFirst(message("a", false, 1), null);
        table.router().subscribedFirst(message("b", false, 1), null);
        table.router().subscribedFirst(message("$a", false, 1), null);
        assertThat(first.outbound().poll(now)).isNotNull();
        assertThat(first.outbound().poll(now)).isNull();
    }

    @Test
    void retainedMessagesAreBoundedAndDeletedByAnEmptyPayload() {
        route(message("a", true, 1), null);
        route(message("b", true, 1), null);
        route(message("c", true, 1), null);
        assertThat(table.router().retained().size()).isEqualTo(2);
        assertThat(metrics.get("waymark.gateway.dropped")
                        .tag("reason", "retained_full")
                        .counter()
                        .count())
                .isEqualTo(1);
        route(message("a", true, 0), null);
        route(message("b", true, 0), null);
        assertThat(table.router().retained().size()).isZero();
        assertThat(table.router().retained().octets()).isZero();
    }
}
