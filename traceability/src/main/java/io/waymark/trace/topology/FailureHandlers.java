package io.waymark.trace.topology;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the streams do when a record trips them: go on without it, counted and logged with topic, partition and offset. Where
 * not the record but Kafka or a store is at fault, the transaction fails and is tried again by a fresh thread.
 */
final class FailureHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandlers.class);

    private FailureHandlers() {}

    private static @Nullable TraceMetrics metrics(Map<String, ?> settings) {
        return settings.get(StreamSettings.METRICS) instanceof TraceMetrics metrics ? metrics : null;
    }

    private static void count(@Nullable TraceMetrics metrics, String where) {
        if (metrics != null) {
            metrics.failure(where);
        }
    }

    /** Records that are not octets: there are none, but the default would stop the stream. */
    public static final class Deserialization implements DeserializationExceptionHandler {
        private @Nullable TraceMetrics metrics;

        @Override
        public void configure(Map<String, ?> settings) {
            metrics = metrics(settings);
        }

        @Override
        public DeserializationExceptionHandler.Response handleError(
                ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
            count(metrics, "deserialization");
            LOG.error("record {}-{}@{} left out", record.topic(), record.partition(), record.offset(), exception);
            return DeserializationExceptionHandler.Response.resume();
        }
    }

    /** Records Kafka refuses for what they are. */
    public static final class Production implements ProductionExceptionHandler {
        private @Nullable TraceMetrics metrics;

        @Override
        public void configure(Map<String, ?> settings) {
            metrics = metrics(settings);
        }

        @Override
        public ProductionExceptionHandler.Response handleError(
                ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
            count(metrics, "production");
            LOG.error(
                    "record for {}, made from {}-{}@{}, was refused",
                    record.topic(),
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    exception);
            return exception instanceof RecordTooLargeException
                    ? ProductionExceptionHandler.Response.resume()
                    : ProductionExceptionHandler.Response.fail();
        }
    }

    /** Records our own code tripped over. */
    public static final class Processing implements ProcessingExceptionHandler {
        private @Nullable TraceMetrics metrics;

        @Override
        public void configure(Map<String, ?> settings) {
            metrics = metrics(settings);
        }

        @Override
        public ProcessingExceptionHandler.Response handleError(
                ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
            count(metrics, "processing");
            LOG.error(
                    "record {}-{}@{} tripped {}",
                    context.topic(),
                    context.partition(),
                    context.offset(),
                    context.processorNodeId(),
                    exception);
            return exception instanceof KafkaException
                    ? ProcessingExceptionHandler.Response.fail()
                    : ProcessingExceptionHandler.Response.resume();
        }
    }
}
