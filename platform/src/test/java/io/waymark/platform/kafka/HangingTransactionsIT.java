package io.waymark.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.forward.HangingTransactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill leaves hanging is shown by CrashIT, whose kills do that now and then; here is what must be left alone. */
class HangingTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    @Test
    void leavesTransactionsUnderWayAndEndedOnesAlone() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0)) {
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
            Topics.create(client, 1024, PATIENCE);
            assertThat(HangingTransactions.abort(client, PATIENCE)).isZero();
            Map<String, Object> settings =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "under-way");
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("waymark.telemetry", new byte[] {1}));
                producer.flush();
                assertThat(HangingTransactions.abort(client, PATIENCE)).isZero();
                producer.commitTransaction();
            }
            assertThat(HangingTransactions.abort(client, PATIENCE)).isZero();
        }
    }
}
