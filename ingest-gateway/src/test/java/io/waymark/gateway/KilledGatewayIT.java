package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.testing.JavaProcess;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL, at moments of chance, while a publisher publishes to a subscriber whose session outlives both. */
class KilledGatewayIT {
    private static final int ROUNDS = 2;

    @TempDir
    Path directory;

    private static final class Running implements AutoCloseable {
        final Process process;
        final int port;

        Running(Path directory) throws IOException {
            process = JavaProcess.of(GatewayProcess.class, directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            port = Integer.parseInt(JavaProcess.awaitLine(process, "port "));
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /** A subscriber as the standard describes it: what it holds of QoS 2 it remembers across connections. */
    private static final class Reader {
        final List<Integer> got = new ArrayList<>();
        final Set<Integer> held = new HashSet<>();

        RawClient connect(int port) throws IOException {
            RawClient client = new RawClient(port);
            client.send(RawClient.connect(4, "reader", false, 0));
            assertThat(client.receive()).startsWith("2002");
            return client;
        }

        void subscribe(RawClient client, int qos) throws IOException {
            client.send(RawClient.packet(0x82, body -> {
                body.writeShort(1);
                body.writeUTF("work");
                body.write(qos);
            }));
            String packet = client.receive();
            while (!packet.startsWith("90")) {
                handle(client, ByteBuffer.wrap(HexFormat.of().parseHex(packet)));
                packet = client.receive();
            }
        }

        /** Until the connection ends or the marker has come. */
        void read(RawClient client, int until) throws IOException {
            String packet = client.receive();
            while (!packet.equals(RawClient.CLOSED) && packet.length() > 2) {
                handle(client, ByteBuffer.wrap(HexFormat.of().parseHex(packet)));
                if (!got.isEmpty() && got.get(got.size() - 1) == until && held.isEmpty()) {
                    return;
                }
                packet = client.receive();
            }
        }

        private void handle(RawClient client, ByteBuffer in) throws IOException {
            int first = in.get() & 0xFF;
            in.get();
            if (first >> 4 == 3) {
                byte[] topic = new byte[in.getShort()];
                in.get(topic);
                int id = in.getShort() & 0xFFFF;
                int number = Integer.parseInt(UTF_8.decode(in).toString());
                boolean qos2 = (first & 6) == 4;
                if (!qos2 || held.add(id)) {
                    got.add(number);
                }
                answer(client, qos2 ? 0x50 : 0x40, id);
            } else if (first >> 4 == 6) {
                int id = in.getShort() & 0xFFFF;
                held.remove(id);
                answer(client, 0x70, id);
            }
        }

        private static void answer(RawClient client, int type, int id) throws IOException {
            try {
                client.send(RawClient.packet(type, body -> body.writeShort(id)));
            } catch (IOException e) {
                // Killed meanwhile: what was not answered comes again.
            }
        }
    }

    /** Publishes numbers; what was acknowledged must arrive. */
    private static final class Writer {
        final Set<Integer> acknowledged = new HashSet<>();
        int next = 1;

        /** Until the connection ends, or so many. */
        void write(int port, int qos, int count) {
            try (RawClient client = RawClient.connected(port, 4, "writer")) {
                for (int i = 0; i < count; i++) {
                    int number = next++;
                    int id = 1 + number % 60_000;
                    client.send(RawClient.publish(4, qos << 1, "work", id, Integer.toString(number)));
                    if (client.receive().equals(RawClient.CLOSED)) {
                        return;
                    }
                    acknowledged.add(number);
                    if (qos == 2) {
                        client.send(RawClient.packet(0x62, (DataOutputStream body) -> body.writeShort(id)));
                        client.receive();
                    }
                }
            } catch (IOException e) {
                // Killed.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nothingAcknowledgedIsLostAndNothingOfQos2ComesTwice(int qos) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Reader reader = new Reader();
        Writer writer = new Writer();
        for (int round = 0; round < ROUNDS; round++) {
            try (Running gateway = new Running(directory)) {
                RawClient client = reader.connect(gateway.port);
                reader.subscribe(client, qos);
                Thread writing = new Thread(() -> writer.write(gateway.port, qos, Integer.MAX_VALUE));
                Thread killing = new Thread(() -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(700)));
                    gateway.process.destroyForcibly();
                });
                writing.start();
                killing.start();
                reader.read(client, -1);
                writing.join();
                killing.join();
                client.close();
            }
        }
        try (Running gateway = new Running(directory);
                RawClient client = reader.connect(gateway.port)) {
            writer.write(gateway.port, qos, 1);
            reader.read(client, writer.next - 1);
        }
        assertThat(reader.got).as("seed %d", seed).containsAll(writer.acknowledged);
        assertThat(writer.acknowledged).hasSizeGreaterThan(ROUNDS);
        if (qos == 2) {
            assertThat(reader.got).as("seed %d", seed).doesNotHaveDuplicates().isSorted();
        }
    }
}
