package io.waymark.gateway;

import io.waymark.testing.kafka.EmbeddedKafka;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/** The topics a gateway writes, with a suffix for each test that shares a broker with others. */
public final class GatewayTopics {
    public static final String TELEMETRY = "waymark.telemetry";
    public static final String PROGRESS = "waymark.progress";
    public static final String REJECTED = "waymark.rejected";

    private GatewayTopics() {}

    /** Telemetry with four partitions, rejected with one, and the compacted progress topic. */
    public static void create(EmbeddedKafka kafka, String suffix) throws Exception {
        kafka.create(List.of(
                new NewTopic(TELEMETRY + suffix, 4, (short) 1),
                new NewTopic(REJECTED + suffix, 1, (short) 1),
                new NewTopic(PROGRESS + suffix, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))));
    }
}
