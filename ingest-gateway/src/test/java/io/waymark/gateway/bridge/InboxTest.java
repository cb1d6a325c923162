package io.waymark.gateway.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.packet.MessageProperties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InboxTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FakeDoor door = new FakeDoor();
    private final Inbox inbox = new Inbox(
            3,
            door,
            a -> new Door.Message("g", "d", a.topic(), a.qos(), a.retain(), a.properties(), a.payload()),
            new BridgeMetrics(registry, "plant"));

    private static Arrival arrival(int id, boolean duplicate, String payload) {
        return new Arrival("t", 1, false, duplicate, id, MessageProperties.NONE, payload.getBytes(UTF_8));
    }

    private double count(String name) {
        return registry.get("waymark.gateway.bridge." + name).counter().count();
    }

    private int nextId() throws Exception {
        return inbox.next().packetId();
    }

    @Test
    void acknowledgesInOrderAndOnlyWhatIsDurable() throws Exception {
        long link = inbox.begin();
        inbox.confirmed(link, arrival(7, false, "a"));
        inbox.confirmed(link, arrival(8, false, "b"));
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> {
            try {
                return nextId();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(first).isNotDone();
        door.commit();
        assertThat(first.get()).isEqualTo(7);
        door.commit();
        assertThat(nextId()).isEqualTo(8);
        assertThat(inbox.unacknowledged()).isZero();
    }

    @Test
    void anArrivalBeyondTheWindowWaitsForAnAcknowledgement() throws Exception {
        long link = inbox.begin();
        for (int id = 1; id <= 3; id++) {
            inbox.confirmed(link, arrival(id, false, "x"));
        }
        CompletableFuture<Void> fourth = CompletableFuture.runAsync(() -> {
            try {
                inbox.confirmed(link, arrival(4, false, "x"));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(fourth).isNotDone();
        assertThat(inbox.unacknowledged()).isEqualTo(3);
        door.commit();
        assertThat(nextId()).isEqualTo(1);
        fourth.get();
        assertThat(inbox.unacknowledged()).isEqualTo(3);
    }

    @Test
    void aRepetitionOfWhatWasNeverAcknowledgedIsTheSameMessage() throws Exception {
        long before = inbox.begin();
        inbox.confirmed(before, arrival(7, false, "a"));
        door.commit();
        long link = inbox.begin();
        inbox.confirmed(link, arrival(7, true, "a"));
        assertThat(nextId()).isEqualTo(7);
        assertThat(door.taken).hasSize(1);
        assertThat(count("duplicates")).isEqualTo(1);
    }

    @Test
    void aRepetitionWhoseFirstIsStillBeingWrittenWaitsForIt() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        inbox.confirmed(inbox.begin(), arrival(7, true, "a"));
        assertThat(door.taken).hasSize(1);
        door.commit();
        assertThat(nextId()).isEqualTo(7);
    }

    @Test
    void anotherMessageUnderTheSameIdentifierIsAMessage() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        inbox.confirmed(inbox.begin(), arrival(7, true, "b"));
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void whatWasAcknowledgedAndComesAgainIsAMessage() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        door.commit();
        assertThat(nextId()).isEqualTo(7);
        inbox.confirmed(inbox.begin(), arrival(7, true, "a"));
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void anAcknowledgementThatNeverLeftDoesNotMakeItOne() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        door.commit();
        inbox.unsent(inbox.next());
        inbox.confirmed(inbox.begin(), arrival(7, true, "a"));
        assertThat(door.taken).hasSize(1);
    }

    @Test
    void withoutItsSessionTheUpstreamStartsAnew() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        long link = inbox.begin();
        inbox.sessionAbsent();
        inbox.confirmed(link, arrival(7, true, "a"));
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void whatTheSpoolHasNoRoomForIsOfferedAgainInOrder() throws Exception {
        long link = inbox.begin();
        door.room(0);
        inbox.confirmed(link, arrival(1, false, "a"));
        inbox.confirmed(link, arrival(2, false, "b"));
        assertThat(inbox.waiting()).isEqualTo(2);
        door.room(10);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> {
            try {
                return nextId();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> door.open() == 2);
        assertThat(door.taken).extracting(m -> new String(m.payload(), UTF_8)).containsExactly("a", "b");
        door.commit();
        assertThat(first.get()).isEqualTo(1);
    }

    @Test
    void whatCannotBeWrittenEndsTheConnectionAndIsNewWhenItComesAgain() throws Exception {
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        door.fail();
        assertThatThrownBy(inbox::next).isInstanceOf(Inbox.Failed.class);
        inbox.confirmed(inbox.begin(), arrival(7, true, "a"));
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void whatCanNeverEnterIsAcknowledgedAndCounted() throws Exception {
        door.refusal = "too_large";
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        assertThat(nextId()).isEqualTo(7);
        assertThat(count("rejected")).isEqualTo(1);
        assertThat(door.taken).isEmpty();
    }

    @Test
    void whatIsKeptOfAMessageThatCanNeverEnterIsDurableBeforeTheUpstreamForgetsIt() throws Exception {
        door.refusal = "too_large";
        door.keepsRefused = true;
        inbox.confirmed(inbox.begin(), arrival(7, false, "a"));
        inbox.confirmed(1, arrival(8, false, "b"));
        CompletableFuture<Integer> acknowledged = CompletableFuture.supplyAsync(() -> {
            try {
                return nextId();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(door.rejected).hasSize(2);
        assertThat(acknowledged).isNotDone();
        door.commit();
        assertThat(acknowledged.get()).isEqualTo(7);
        door.fail();
        assertThatThrownBy(inbox::next).as("it comes again").isInstanceOf(Inbox.Failed.class);
        assertThat(door.taken).isEmpty();
    }

    @Test
    void anArrivalOfAConnectionThatIsOverHasNoPlace() throws Exception {
        long over = inbox.begin();
        inbox.begin();
        inbox.confirmed(over, arrival(7, false, "a"));
        assertThat(door.taken).isEmpty();
    }

    @Test
    void ofQos0NothingWaits() {
        inbox.begin();
        door.room(0);
        inbox.unconfirmed(new Arrival("t", 0, false, false, 0, MessageProperties.NONE, new byte[1]));
        assertThat(inbox.waiting()).isZero();
        assertThat(count("dropped")).isEqualTo(1);
    }
}
