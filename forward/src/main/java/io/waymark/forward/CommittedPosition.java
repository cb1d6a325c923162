package io.waymark.forward;

import java.time.Duration;
import java.util.Map;

/** How far a forwarder got, as Kafka knows it; for those who look from outside while it does not run. */
public final class CommittedPosition {
    private CommittedPosition() {}

    /**
     * Reads it.
     *
     * @param client Kafka client settings, at least {@code bootstrap.servers}
     * @param id of the forwarder
     * @param epoch of its queue
     * @return highest committed position, 0 if Kafka knows nothing of that queue
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public static long read(Map<String, Object> client, String progressTopic, String id, String epoch) {
        ForwardSettings settings = new ForwardSettings(
                id, "committed-position", "waymark", client, progressTopic, progressTopic, 1, Duration.ZERO, 1);
        return new ProgressTopic(settings)
                .read()
                .filter(progress -> progress.epoch().equals(epoch))
                .map(ForwardProgress::position)
                .orElse(0L);
    }
}
