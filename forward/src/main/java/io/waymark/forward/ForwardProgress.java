package io.waymark.forward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a queue is forwarded: value of the progress record, {@code {"epoch":"…","position":n,"instance":"…"}}, and where
 * topics are not replicated {@code "marks":{"topic":{"partition":[offset,position]}}}.
 *
 * @param epoch of the queue; a position means nothing without it
 * @param position highest position that is in Kafka; 0 for none
 * @param instance the run of the program that wrote it: tells a twin from oneself
 * @param marks where its entries went; empty unless a broker may lose what it committed
 */
record ForwardProgress(String epoch, long position, String instance, Map<TopicPartition, Mark> marks) {
    /**
     * The last entry in a partition.
     *
     * @param offset of its record
     * @param position of the entry; 0 for none: then no record of this queue is before the offset
     */
    record Mark(long offset, long position) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    ForwardProgress {
        marks = Map.copyOf(marks);
    }

    ForwardProgress(String epoch, long position, String instance) {
        this(epoch, position, instance, Map.of());
    }

    /** The position, if it is one of this queue. */
    Optional<Long> positionIn(String queueEpoch) {
        return epoch.equals(queueEpoch) ? Optional.of(position) : Optional.empty();
    }

    /** Whether another run of the program wrote it. */
    boolean isOfAnother(String run) {
        return !instance.equals(run);
    }

    byte[] toJson() {
        try {
            ObjectNode json = JSON.createObjectNode()
                    .put("epoch", epoch)
                    .put("position", position)
                    .put("instance", instance);
            if (!marks.isEmpty()) {
                ObjectNode topics = json.putObject("marks");
                marks.forEach((at, mark) -> topics.withObjectProperty(at.topic())
                        .putArray(Integer.toString(at.partition()))
                        .add(mark.offset)
                        .add(mark.position));
            }
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a progress record must be writable as JSON", e);
        }
    }

    /** @throws IllegalArgumentException for anything but a progress record */
    static ForwardProgress fromJson(byte[] json) {
        try {
            JsonNode node = JSON.readTree(json);
            JsonNode epoch = node.path("epoch");
            JsonNode position = node.path("position");
            if (!epoch.isTextual() || !position.isIntegralNumber()) {
                throw new IllegalArgumentException("progress record must have epoch and position");
            }
            return new ForwardProgress(
                    epoch.textValue(),
                    position.longValue(),
                    node.path("instance").asText(""),
                    marks(node.path("marks")));
        } catch (IOException e) {
            throw new IllegalArgumentException("progress record must be JSON", e);
        }
    }

    private static Map<TopicPartition, Mark> marks(JsonNode json) {
        Map<TopicPartition, Mark> marks = new HashMap<>();
        json.properties()
                .forEach(topic -> topic.getValue().properties().forEach(at -> {
                    JsonNode mark = at.getValue();
                    marks.put(
                            new TopicPartition(topic.getKey(), Integer.parseInt(at.getKey())),
                            new Mark(mark.path(0).asLong(), mark.path(1).asLong()));
                }));
        return marks;
    }
}
