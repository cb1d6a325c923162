package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.route.LiveMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {
    private static final long NOW = 1_000_000_000L;

    private final List<Drop> drops = new ArrayList<>();
    private final OutboundQueue queue = new OutboundQueue(4, 2_000, drops::add);

    private static Delivery delivery(int qos, String topic) {
        return delivery(qos, topic, MessageProperties.NONE, 0);
    }

    private static Delivery delivery(int qos, String topic, MessageProperties properties, int octets) {
        LiveMessage message =
                new LiveMessage(topic, qos, false, properties, LiveMessage.expiry(properties, NOW), new byte[octets]);
        return new Delivery(message, qos, false, List.of(), null);
    }

    private static Delivery expiring(int seconds) {
        return delivery(1, "t", new MessageProperties(-1, seconds, "", "", new byte[0], List.of()), 0);
    }

    private Publish publish() {
        return publish(queue, NOW);
    }

    private static Publish publish(OutboundQueue from, long nowNanos) {
        Packet packet = from.poll(nowNanos);
        assertThat(packet).isInstanceOf(Publish.class);
        return (Publish) Objects.requireNonNull(packet);
    }

    @Test
    void sendsInOrderWithinTheWindow() {
        queue.connected(2);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(2, "b"));
        queue.offer(delivery(1, "c"));
        assertThat(publish().packetId()).isEqualTo(1);
        assertThat(publish().packetId()).isEqualTo(2);
        assertThat(queue.poll(NOW)).as("window full").isNull();
        assertThat(queue.puback(1)).isTrue();
        assertThat(publish().topic()).isEqualTo("c");
        assertThat(queue.pubrec(2, false)).isEqualTo(Received.RELEASE);
        assertThat(queue.poll(NOW)).isNull();
        assertThat(queue.pubcomp(2)).isTrue();
        assertThat(queue.inflight()).isEqualTo(1);
    }

    @Test
    void qos0NeedsNoWindowButWaitsItsTurn() {
        queue.connected(1);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(1, "b"));
        queue.offer(delivery(0, "c"));
        publish();
        assertThat(queue.poll(NOW)).isNull();
        queue.puback(1);
        assertThat(publish().topic()).isEqualTo("b");
        assertThat(publish().topic()).isEqualTo("c");
    }

    @Test
    void repeatsTheUnacknowledgedFirstAndInOrder() {
        queue.connected(10);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(2, "b"));
        queue.offer(delivery(2, "c"));
        publish();
        publish();
        publish();
        queue.pubrec(2, false);
        queue.disconnected();
        queue.offer(delivery(1, "d"));
        assertThat(queue.poll(NOW)).as("offline").isNull();
        queue.connected(10);
        Publish a = publish();
        assertThat(a.duplicate()).isTrue();
        assertThat(a.packetId()).isEqualTo(1);
        assertThat(queue.poll(NOW)).isEqualTo(new Ack(PacketType.PUBREL, 2, ReasonCode.SUCCESS));
        assertThat(publish().packetId()).isEqualTo(3);
        Publish d = publish();
        assertThat(d.duplicate()).isFalse();
        assertThat(d.packetId()).isEqualTo(4);
    }

    @Test
    void repetitionsRespectANarrowerWindow() {
        queue.connected(10);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(1, "b"));
        publish();
        publish();
        queue.connected(1);
        assertThat(publish().topic()).isEqualTo("a");
        assertThat(queue.poll(NOW)).isNull();
        queue.puback(1);
        assertThat(publish().topic()).isEqualTo("b");
    }

    @Test
    void dropsWhatHasNoRoom() {
        queue.connected(1);
        for (int i = 0; i < 5; i++) {
            queue.offer(delivery(1, "t"));
        }
        assertThat(drops).containsExactly(Drop.QUEUE_COUNT);
        drops.clear();
        OutboundQueue narrow = new OutboundQueue(100, 1_000, drops::add);
        narrow.connected(1);
        assertThat(narrow.offer(delivery(1, "t", MessageProperties.NONE, 600))).isTrue();
        assertThat(narrow.offer(delivery(1, "t", MessageProperties.NONE, 600))).isFalse();
        assertThat(drops).containsExactly(Drop.QUEUE_BYTES);
        narrow.poll(NOW);
        assertThat(narrow.offer(delivery(1, "t", MessageProperties.NONE, 600)))
                .as("room again")
                .isTrue();
    }

    @Test
    void dropsQos0WhileNobodyListensAndKeepsTheRest() {
        assertThat(queue.offer(delivery(0, "t"))).isFalse();
        assertThat(queue.offer(delivery(1, "t"))).as("nobody to wake").isFalse();
        assertThat(drops).containsExactly(Drop.OFFLINE);
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void forwardsTheExpiryThatIsLeftAndDropsWhatHasExpired() {
        queue.connected(10);
        queue.offer(expiring(5));
        queue.offer(expiring(3));
        Publish left = publish(queue, NOW + 3_200_000_000L);
        assertThat(left.properties().expirySeconds()).isEqualTo(2);
        assertThat(queue.poll(NOW + 3_200_000_000L)).isNull();
        assertThat(drops).containsExactly(Drop.EXPIRED);
    }

    @Test
    void acknowledgementsOfTheWrongKindAreWrong() {
        queue.connected(10);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(2, "b"));
        publish();
        publish();
        assertThat(queue.pubrec(1, false)).isEqualTo(Received.WRONG);
        assertThat(queue.puback(2)).isFalse();
        assertThat(queue.pubcomp(2)).isFalse();
        assertThat(queue.puback(99)).as("unknown ones are ignored").isTrue();
        assertThat(queue.pubrec(99, false)).isEqualTo(Received.UNKNOWN);
    }

    @Test
    void aRefusedMessageIsDone() {
        queue.connected(1);
        queue.offer(delivery(2, "a"));
        queue.offer(delivery(2, "b"));
        publish();
        assertThat(queue.pubrec(1, true)).isEqualTo(Received.DONE);
        assertThat(publish().topic()).isEqualTo("b");
    }

    @Test
    void aMessageTooLargeForTheClientCountsAsDelivered() {
        queue.connected(1);
        queue.offer(delivery(1, "a"));
        queue.offer(delivery(1, "b"));
        queue.tooLarge(publish());
        assertThat(drops).containsExactly(Drop.PACKET_TOO_LARGE);
        assertThat(publish().topic()).isEqualTo("b");
    }

    @Test
    void packetIdentifiersInUseAreNotGivenAgain() {
        OutboundQueue large = new OutboundQueue(10, 100_000, drops::add);
        large.connected(2);
        large.offer(delivery(1, "stays"));
        assertThat(publish(large, NOW).packetId()).isEqualTo(1);
        for (int i = 2; i <= 65_535; i++) {
            large.offer(delivery(1, "t"));
            assertThat(publish(large, NOW).packetId()).isEqualTo(i);
            large.puback(i);
        }
        large.offer(delivery(1, "t"));
        assertThat(publish(large, NOW).packetId()).isEqualTo(2);
    }
}
