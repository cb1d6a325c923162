package io.waymark.trace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** The stream goes on without a bad record, and tries again when Kafka or a store is at fault. */
class FailureHandlersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, ?> settings = Map.of(StreamSettings.METRICS, new TraceMetrics(meters));
    private final ErrorHandlerContext context = new Place();

    private double failures(String where) {
        return meters.get("waymark.trace.stream.failures")
                .tag("where", where)
                .counter()
                .count();
    }

    private ProductionExceptionHandler.Result produced(Exception exception) {
        ProductionExceptionHandler handler = new FailureHandlers.Production();
        handler.configure(settings);
        return handler.handleError(context, new ProducerRecord<>("t", new byte[0]), exception)
                .result();
    }

    private ProcessingExceptionHandler.Result processed(Exception exception) {
        ProcessingExceptionHandler handler = new FailureHandlers.Processing();
        handler.configure(settings);
        return handler.handleError(context, new Record<>(new byte[0], new byte[0], 0), exception)
                .result();
    }

    @Test
    void recordTooLargeIsLeftOut() {
        assertThat(produced(new RecordTooLargeException("2 MB"))).isEqualTo(ProductionExceptionHandler.Result.RESUME);
        assertThat(failures("production")).isEqualTo(1);
    }

    @Test
    void otherRefusalsOfKafkaFailTheTransaction() {
        assertThat(produced(new InvalidTimestampException("late"))).isEqualTo(ProductionExceptionHandler.Result.FAIL);
    }

    @Test
    void recordThatTripsOurCodeIsLeftOut() {
        assertThat(processed(new IllegalStateException("ours"))).isEqualTo(ProcessingExceptionHandler.Result.RESUME);
        assertThat(failures("processing")).isEqualTo(1);
    }

    @Test
    void failingStoreFailsTheTransaction() {
        assertThat(processed(new KafkaException("disk full"))).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    }

    @Test
    void recordThatCannotBeReadIsLeftOut() {
        DeserializationExceptionHandler handler = new FailureHandlers.Deserialization();
        handler.configure(settings);

        assertThat(handler.handleError(
                                context,
                                new ConsumerRecord<>("t", 0, 7L, new byte[0], new byte[0]),
                                new IllegalArgumentException("no octets"))
                        .result())
                .isEqualTo(DeserializationExceptionHandler.Result.RESUME);
        assertThat(failures("deserialization")).isEqualTo(1);
    }

    /** Where a record stood. */
    private static final class Place implements ErrorHandlerContext {
        @Override
        public String topic() {
            return "t";
        }

        @Override
        public int partition() {
            return 0;
        }

        @Override
        public long offset() {
            return 7;
        }

        @Override
        public Headers headers() {
            return new RecordHeaders();
        }

        @Override
        public String processorNodeId() {
            return "decode";
        }

        @Override
        public TaskId taskId() {
            return new TaskId(0, 0);
        }

        @Override
        public long timestamp() {
            return 0;
        }

        @Override
        public byte[] sourceRawKey() {
            return new byte[0];
        }

        @Override
        public byte[] sourceRawValue() {
            return new byte[0];
        }
    }
}
