package io.waymark.forward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * How far a queue is forwarded: value of the progress record, {@code {"epoch":"…","position":n,"instance":"…"}}.
 *
 * @param epoch of the queue; a position means nothing without it
 * @param position highest position that is in Kafka; 0 for none
 * @param instance the run of the program that wrote it: tells a twin from oneself
 */
record ForwardProgress(String epoch, long position, String instance) {
    private static final ObjectMapper JSON = new ObjectMapper();

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
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("epoch", epoch)
                    .put("position", position)
                    .put("instance", instance));
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
                    node.path("instance").asText(""));
        } catch (IOException e) {
            throw new IllegalArgumentException("progress record must be JSON", e);
        }
    }
}
