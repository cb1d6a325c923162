package io.waymark.gateway.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.access.RegistryListener;
import io.waymark.gateway.forward.RecordOrigin;
import io.waymark.storage.StorageException;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Kafka how devices are now, on a compacted topic whose key is the device id: CloudEvents in binary mode, and a record
 * without value for a device that is deleted. A change is marked as untold in its own write, and the mark goes when Kafka has it
 * on all its replicas: no change is lost to a crash or an outage, one may be told twice, and a device that changes faster than
 * it is told is told as it is in the end. No secret is told.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding §3.2"
 */
public final class DeviceFeed implements RegistryListener, AutoCloseable {
    private static final int BATCH = 256;
    private static final long AGAIN_MILLIS = 30_000;
    private static final long PAUSE_MILLIS = 2_000;
    private static final long SENT_SECONDS = 60;
    private static final long BUFFER_BYTES = 4L << 20;
    private static final int BLOCK_MILLIS = 10_000;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(DeviceFeed.class);

    private final DeviceStore store;
    private final Map<String, Object> client;
    private final String topic;
    private final byte[] source;
    private final Clock clock;
    private final Counter told;
    private final Semaphore changed = new Semaphore(1);
    private final Thread thread = new Thread(this::run, "gateway-device-feed");
    private volatile boolean closed;

    /**
     * Tells nothing before {@link #start}.
     *
     * @param client Kafka client settings, at least {@code bootstrap.servers}
     * @param topic compacted
     * @param registry gets {@code waymark.gateway.devices.told}
     */
    public DeviceFeed(
            DeviceStore store,
            Map<String, Object> client,
            String topic,
            String gatewayId,
            MeterRegistry registry,
            Clock clock) {
        this.store = store;
        this.client = Map.copyOf(client);
        this.topic = topic;
        this.source = RecordOrigin.source(gatewayId).getBytes(UTF_8);
        this.clock = clock;
        this.told = Counter.builder("waymark.gateway.devices.told")
                .description("changes of devices told to Kafka")
                .register(registry);
        thread.setDaemon(true);
    }

    /** Begins with what was left untold. */
    public void start() {
        thread.start();
    }

    @Override
    public void changed(String id, @Nullable Device now) {
        changed.release();
    }

    @Override
    public void groupChanged(String name, @Nullable DeviceGroup now) {}

    private void run() {
        try {
            while (!closed) {
                if (changed.tryAcquire(AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    changed.drainPermits();
                }
                attempt();
            }
        } catch (InterruptedException | InterruptException | IllegalStateException e) {
            LOG.debug("device feed ends: {}", e.toString());
        }
    }

    private void attempt() throws InterruptedException {
        try {
            if (!store.untold(1).isEmpty()) {
                tellAll();
            }
        } catch (InterruptException e) {
            throw e;
        } catch (StorageException | KafkaException | ExecutionException | TimeoutException e) {
            LOG.warn("changes of devices could not be told, will be tried again: {}", e.toString());
            changed.release();
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** With a producer for as long as there is something to tell: changes are rare, and an idle one costs threads and memory. */
    private void tellAll() throws InterruptedException, ExecutionException, TimeoutException {
        KafkaProducer<byte[], byte[]> producer = producer();
        try {
            List<DeviceStore.Untold> batch = store.untold(BATCH);
            while (!batch.isEmpty() && !closed) {
                tell(producer, batch);
                batch = store.untold(BATCH);
            }
        } finally {
            close(producer);
        }
    }

    /** Who is told to stop waits for nothing that is under way; the producer logs an interrupted wait as an error. */
    private static void close(KafkaProducer<byte[], byte[]> producer) {
        boolean stopping = Thread.interrupted();
        try {
            producer.close(stopping ? Duration.ZERO : CLOSE_MAX);
        } finally {
            if (stopping) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3 * BLOCK_MILLIS);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return new KafkaProducer<>(config);
    }

    private void tell(KafkaProducer<byte[], byte[]> producer, List<DeviceStore.Untold> batch)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<Future<?>> sent = new ArrayList<>();
        for (DeviceStore.Untold one : batch) {
            sent.add(producer.send(record(one, store.find(one.id()))));
        }
        producer.flush();
        for (Future<?> each : sent) {
            each.get(SENT_SECONDS, TimeUnit.SECONDS);
        }
        store.told(batch);
        told.increment(batch.size());
    }

    private ProducerRecord<byte[], byte[]> record(DeviceStore.Untold change, Optional<Device> now) {
        byte[] id = change.id().getBytes(UTF_8);
        byte[] value = now.map(DeviceFeed::describe).map(EventJson::octets).orElse(null);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, id, value);
        String type = now.isPresent() ? "io.waymark.device.changed" : "io.waymark.device.deleted";
        record.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", (change.id() + '-' + Long.toHexString(change.mark())).getBytes(UTF_8))
                .add("ce_source", source)
                .add("ce_type", type.getBytes(UTF_8))
                .add("ce_time", clock.instant().toString().getBytes(UTF_8))
                .add("ce_subject", id)
                .add("content-type", EventJson.CONTENT_TYPE.getBytes(UTF_8));
        return record;
    }

    private static ObjectNode describe(Device device) {
        ObjectNode body = EventJson.object()
                .put("id", device.id())
                .put("group", device.group())
                .put("enabled", device.enabled())
                .put("createdAt", Instant.ofEpochMilli(device.createdAtMillis()).toString())
                .put("hasPassword", !device.passwordHash().isEmpty());
        ArrayNode certificates = body.putArray("certificates");
        device.certificates().forEach(certificates::add);
        return body;
    }

    /** Stops; what is untold is told after the next start. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
