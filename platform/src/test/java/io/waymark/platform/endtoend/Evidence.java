package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.testing.kafka.CommittedTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What Kafka holds of what {@link Sender}s sent, and what that must be. */
final class Evidence {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Sender> senders = new HashMap<>();
    private final Map<String, List<Integer>> sequences = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> records;
    private final List<ConsumerRecord<byte[], byte[]>> presence;

    /** Of what a node's Kafka holds now; what is still spooled must not be of the senders. */
    static Evidence of(Collection<Sender> senders, String kafka) {
        List<ConsumerRecord<byte[], byte[]>> telemetry = CommittedTopic.read(kafka, "waymark.telemetry");
        return new Evidence(senders, telemetry, CommittedTopic.read(kafka, "waymark.presence"));
    }

    private Evidence(
            Collection<Sender> senders,
            List<ConsumerRecord<byte[], byte[]>> records,
            List<ConsumerRecord<byte[], byte[]>> presence) {
        this.presence = presence;
        senders.forEach(sender -> this.senders.put(sender.id(), sender));
        this.records = records;
        for (ConsumerRecord<byte[], byte[]> message : records) {
            add(message);
        }
    }

    /** Also refuses what no sender can have sent. */
    private void add(ConsumerRecord<byte[], byte[]> message) {
        String device = new String(message.key(), StandardCharsets.UTF_8);
        int sequence = sequence(message.value());
        Sender sender = senders.get(device);
        if (sender == null) {
            throw new AssertionError("a message of somebody nobody knows: " + message);
        }
        assertThat(message.value()).isEqualTo(Sender.payload(device, sequence));
        assertThat(sequence).as("never sent by %s", device).isBetween(0, sender.sent() - 1);
        assertThat(CommittedTopic.required(message, "wm_qos")).isEqualTo(Integer.toString(Sender.qos(sequence)));
        assertThat(CommittedTopic.required(message, "ce_subject")).isEqualTo(Sender.TOPIC + device);
        sequences.computeIfAbsent(device, d -> new ArrayList<>()).add(sequence);
    }

    private static int sequence(byte[] payload) {
        try {
            JsonNode json = JSON.readTree(payload);
            return json.path("n").asInt(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records of messages that came more than once. */
    int repeated() {
        return records.size()
                - senders.keySet().stream()
                        .mapToInt(device -> new HashSet<>(of(device)).size())
                        .sum();
    }

    private List<Integer> of(String device) {
        return sequences.getOrDefault(device, List.of());
    }

    /** Acknowledged means there; QoS 2 once; each device's messages in the order they were sent. */
    void check() {
        for (Sender sender : senders.values()) {
            nothingAcknowledgedIsMissing(sender);
            exactlyOnceWhereAsked(sender.id());
            inOrder(sender.id());
        }
        everySpoolPositionOnce();
    }

    private void nothingAcknowledgedIsMissing(Sender sender) {
        Set<Integer> found = new HashSet<>(of(sender.id()));
        List<Integer> missing = new ArrayList<>();
        for (int sequence = 0; sequence < sender.sent(); sequence++) {
            if (sender.isAcknowledged(sequence) && !found.contains(sequence)) {
                missing.add(sequence);
            }
        }
        assertThat(missing).as("acknowledged to %s and lost", sender.id()).isEmpty();
    }

    private void exactlyOnceWhereAsked(String device) {
        Set<Integer> seen = new HashSet<>();
        List<Integer> twice = of(device).stream()
                .filter(n -> Sender.qos(n) == 2 && !seen.add(n))
                .toList();
        assertThat(twice).as("QoS 2 messages of %s that came twice", device).isEmpty();
    }

    private void inOrder(String device) {
        int last = -1;
        for (int sequence : of(device).stream().distinct().toList()) {
            assertThat(sequence).as("of %s, behind %s", device, last).isGreaterThan(last);
            last = sequence;
        }
    }

    /** No position twice, none left out, and ascending in every partition. */
    private void everySpoolPositionOnce() {
        Map<TopicPartition, Long> last = new HashMap<>();
        Set<Long> positions = new HashSet<>();
        Set<String> eventIds = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> message : spooled()) {
            long position = Long.parseLong(CommittedTopic.required(message, "wm_seq"));
            assertThat(positions.add(position))
                    .as("spool position %s twice", position)
                    .isTrue();
            assertThat(eventIds.add(CommittedTopic.required(message, "ce_id"))).isTrue();
            Long before = last.put(new TopicPartition(message.topic(), message.partition()), position);
            assertThat(before == null || before < position)
                    .as("%s-%s: %s before %s", message.topic(), message.partition(), before, position)
                    .isTrue();
        }
        assertThat(positions.stream().mapToLong(Long::longValue).max().orElse(0))
                .as("the highest of the spool's positions, none of which is left out")
                .isEqualTo(positions.size());
    }

    /** Who comes and goes is told through the spool too. */
    private List<ConsumerRecord<byte[], byte[]>> spooled() {
        return Stream.concat(records.stream(), presence.stream()).toList();
    }

    /** For people. */
    String summary() {
        int sent = senders.values().stream().mapToInt(Sender::sent).sum();
        int acknowledged =
                senders.values().stream().mapToInt(Sender::acknowledged).sum();
        int connects = senders.values().stream().mapToInt(Sender::connects).sum();
        return "sent " + sent + ", acknowledged " + acknowledged + ", found " + records.size() + " of which "
                + repeated() + " repeated, connections " + connects;
    }
}
