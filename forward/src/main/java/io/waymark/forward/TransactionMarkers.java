package io.waymark.forward;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Writes the end marker of a transaction into a partition, as a transaction coordinator does (Kafka protocol, WriteTxnMarkers).
 *
 * <p>Kafka's {@code Admin} can only abort, and a transaction its coordinator has committed must be committed in the last of its
 * partitions too. So this speaks the request itself, through the inner classes of Kafka's client, which also bring TLS and SASL.
 * Needs the right ALTER of the cluster, as aborting does. Used by one thread.
 */
final class TransactionMarkers implements AutoCloseable {
    private static final String NAME = "waymark-transaction-markers";

    /** Of the first protocol of transactions: the epoch of a marker may be that of the transaction it ends. */
    private static final short TRANSACTION_VERSION = 0;

    private final Metrics metrics = new Metrics();
    private final Time time = Time.SYSTEM;
    private final Duration timeout;
    private final KafkaClient client;

    /**
     * Connects when there is something to write.
     *
     * @param settings as for {@code Admin}
     * @param timeout for each marker
     */
    TransactionMarkers(Map<String, Object> settings, Duration timeout) {
        this.timeout = timeout;
        client = ClientUtils.createNetworkClient(
                new AdminClientConfig(settings),
                NAME,
                metrics,
                NAME,
                new LogContext("[" + NAME + "] "),
                new ApiVersions(),
                time,
                1,
                (int) timeout.toMillis(),
                null,
                new ManualMetadataUpdater(),
                new DefaultHostResolver(),
                null,
                null);
    }

    /**
     * Writes one marker.
     *
     * @param leader of the partition
     * @param producerEpoch of the open transaction
     * @param coordinatorEpoch not below the one of the last marker in the partition
     * @return {@link Errors#NONE}, or why the broker did not
     * @throws IOException if the broker cannot be reached or does not answer in time
     */
    Errors write(
            Node leader,
            TopicPartition partition,
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result)
            throws IOException {
        if (!NetworkClientUtils.awaitReady(client, leader, time, timeout.toMillis())) {
            throw new IOException("no connection to " + leader + " within " + timeout);
        }
        WriteTxnMarkersRequest.TxnMarkerEntry marker = new WriteTxnMarkersRequest.TxnMarkerEntry(
                producerId, producerEpoch, coordinatorEpoch, result, List.of(partition), TRANSACTION_VERSION);
        ClientResponse response = NetworkClientUtils.sendAndReceive(
                client,
                client.newClientRequest(
                        leader.idString(),
                        new WriteTxnMarkersRequest.Builder(List.of(marker)),
                        time.milliseconds(),
                        true),
                time);
        return ((WriteTxnMarkersResponse) response.responseBody())
                .errorsByProducerId()
                .getOrDefault(producerId, Map.of())
                .getOrDefault(partition, Errors.UNKNOWN_SERVER_ERROR);
    }

    @Override
    public void close() throws IOException {
        try (metrics) {
            client.close();
        }
    }
}
