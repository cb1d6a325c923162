package io.waymark.platform.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.forward.HangingTransactions;
import io.waymark.testing.kafka.CommittedTopic;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill leaves hanging is shown by CrashIT, whose kills do that now and then; here a batch that arrives when its
 * transaction has ended already makes the same: ended for the coordinator, open in a partition.
 */
class HangingTransactionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "waymark.telemetry";

    @TempDir
    Path dir;

    private EmbeddedKafka kafka;
    private Map<String, Object> client;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(dir, 0);
        client = Map.of("bootstrap.servers", kafka.bootstrapServers());
        Topics.create(client, 1024, PATIENCE);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "killed"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void leavesTransactionsUnderWayAndEndedOnesAlone() throws Exception {
        assertThat(HangingTransactions.end(client, PATIENCE)).isZero();
        begin();
        assertThat(HangingTransactions.end(client, PATIENCE)).isZero();
        producer.commitTransaction();
        assertThat(HangingTransactions.end(client, PATIENCE)).isZero();
        assertThat(values()).containsExactly("first");
    }

    @Test
    void commitsWhatItsCoordinatorCommitted() throws Exception {
        begin();
        producer.commitTransaction();
        leaveHanging();
        assertThat(HangingTransactions.end(client, PATIENCE)).isEqualTo(1);
        assertThat(values()).containsExactlyInAnyOrder("first", "hanging");
        assertThat(HangingTransactions.end(client, PATIENCE)).isZero();
    }

    @Test
    void abortsWhatItsCoordinatorAborted() throws Exception {
        begin();
        producer.abortTransaction();
        leaveHanging();
        assertThat(HangingTransactions.end(client, PATIENCE)).isEqualTo(1);
        assertThat(values()).isEmpty();
    }

    private void begin() {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, 0, null, "first".getBytes(UTF_8)));
        producer.flush();
    }

    private List<String> values() {
        return CommittedTopic.read(kafka.bootstrapServers(), TOPIC).stream()
                .map(message -> new String(message.value(), UTF_8))
                .toList();
    }

    /** A batch of the ended transaction, to a partition that has seen nothing of it. */
    private void leaveHanging() throws Exception {
        try (Admin admin = Admin.create(client)) {
            acceptBatchesOfEndedTransactions(admin);
            TopicPartition written = new TopicPartition(TOPIC, 0);
            ProducerState ended = admin.describeProducers(List.of(written))
                    .partitionResult(written)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .activeProducers()
                    .get(0);
            await("the broker takes a batch of an ended transaction")
                    .atMost(PATIENCE)
                    .until(() -> produce(ended.producerId(), (short) (ended.producerEpoch() - 1)), Errors.NONE::equals);
        }
    }

    private static void acceptBatchesOfEndedTransactions(Admin admin) throws Exception {
        ConfigEntry unverified = new ConfigEntry("transaction.partition.verification.enable", "false");
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        List.of(new AlterConfigOp(unverified, AlterConfigOp.OpType.SET))))
                .all()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Errors produce(long producerId, short epoch) throws IOException {
        ProduceRequestData data = new ProduceRequestData()
                .setTransactionalId("killed")
                .setAcks((short) -1)
                .setTimeoutMs((int) PATIENCE.toMillis());
        data.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(TOPIC)
                        .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(1)
                                .setRecords(MemoryRecords.withTransactionalRecords(
                                        Compression.NONE,
                                        producerId,
                                        epoch,
                                        0,
                                        new SimpleRecord("hanging".getBytes(UTF_8)))))));
        ProduceRequest request = ProduceRequest.builder(data, true).build();
        RequestHeader header = new RequestHeader(ApiKeys.PRODUCE, request.version(), "late", 1);
        ProduceResponse response = (ProduceResponse) AbstractResponse.parseResponse(exchange(request, header), header);
        return response.errorCounts().keySet().iterator().next();
    }

    private ByteBuffer exchange(ProduceRequest request, RequestHeader header) throws IOException {
        InetSocketAddress address = kafka.address();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            ByteBuffer bytes = request.serializeWithHeader(header);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(bytes.remaining());
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return ByteBuffer.wrap(in.readNBytes(in.readInt()));
        }
    }
}
