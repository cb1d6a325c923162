package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.route.StoredMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged sessions, queue entries and retained messages are refused with the declared exception. */
class StoredStateFuzzTest {
    private static final StoredMessage.Now NOW = new StoredMessage.Now(1_000_000_000, 1_763_800_000_000L);
    private static final byte[] MESSAGE = StoredMessage.encode(
            new LiveMessage(
                    "plant/武",
                    1,
                    true,
                    new MessageProperties(1, -1, "a/b", "answers", new byte[] {1}, List.of("k", "v")),
                    2_000_000_000,
                    new byte[9]),
            NOW);

    static Stream<byte[]> messages() {
        return Stream.of(MESSAGE);
    }

    @MethodSource("messages")
    @FuzzTest
    void messages(byte[] stored) {
        try {
            LiveMessage message = StoredMessage.decode(ByteBuffer.wrap(stored), NOW);
            LiveMessage again = StoredMessage.decode(ByteBuffer.wrap(StoredMessage.encode(message, NOW)), NOW);
            assertThat(again.topic()).isEqualTo(message.topic());
            assertThat(again.payload()).isEqualTo(message.payload());
            assertThat(again.properties().userProperties())
                    .isEqualTo(message.properties().userProperties());
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> entries() {
        byte[] head = {1, 5, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 7};
        byte[] entry = java.util.Arrays.copyOf(head, head.length + MESSAGE.length);
        System.arraycopy(MESSAGE, 0, entry, head.length, MESSAGE.length);
        return Stream.of(entry, QueueEntry.RELEASED);
    }

    @MethodSource("entries")
    @FuzzTest
    void entries(byte[] stored) {
        try {
            assertThat(QueueEntry.isOver(stored, Long.MAX_VALUE)).isTrue();
            Delivery delivery = QueueEntry.decode(stored, 7, NOW);
            assertThat(delivery.qos()).isBetween(0, 3);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    static Stream<byte[]> sessions() {
        return Stream.of(
                SessionRecord.encode(600, 7, List.of(new Subscription("plant/#", 1, true, false, 2, 9))),
                SessionRecord.encode(0, 0, List.of()));
    }

    @MethodSource("sessions")
    @FuzzTest
    void sessions(byte[] stored) {
        try {
            SessionRecord record = SessionRecord.decode(stored);
            assertThat(record.subscriptions()).hasSizeLessThanOrEqualTo(stored.length);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
