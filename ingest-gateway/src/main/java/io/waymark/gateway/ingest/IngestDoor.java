package io.waymark.gateway.ingest;

import io.waymark.gateway.access.Verdict;
import java.util.concurrent.CompletableFuture;

/** Takes messages of devices that do not speak MQTT. Any thread. */
public interface IngestDoor {
    /** What one request may bring. */
    IngestLimits limits();

    /**
     * Takes all messages of the request or none. Completes once they are fsynced, on the spool's writer thread, or, where the
     * topic demands it, once Kafka has committed them, on the forwarder's; fails with
     * {@link java.util.concurrent.RejectedExecutionException} when the spool is full or closed, with
     * {@link KeyConflictException} when the key was used for something else, with {@link OverQuotaException} when its quota is
     * used up, with {@link KafkaAwayException} when too many wait for Kafka or it takes too long. It may fail with a
     * {@link java.util.concurrent.CompletionException} around one of these.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    CompletableFuture<Receipt> take(IngestRequest request);

    /**
     * Keeps what was refused for good, within bounds, for those who look into it; nobody waits for that.
     *
     * @param reason a word, one of few
     * @param detail a sentence
     */
    void refused(RefusedRequest request, String reason, String detail);

    /** Checks a device's password. Never fails; {@code BUSY} when too many are being checked. */
    CompletableFuture<Verdict> authenticate(String deviceId, byte[] password);

    /** Whether a device of the group may publish to the topic. */
    boolean mayPublish(String group, String deviceId, String topic);
}
