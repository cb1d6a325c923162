package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.ServeProcess;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that publishes and a client that resolves all the time, and must not notice what others do. */
final class Bystanders implements AutoCloseable {
    private static final String HANDLE = "88.118.8/BYSTANDER";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final ServeProcess serve;
    private final Sender device;
    private final ScheduledExecutorService resolving = Executors.newSingleThreadScheduledExecutor();
    private final HandleClient client = new HandleClient();

    private final AtomicInteger resolved = new AtomicInteger();
    private volatile String refused = "";

    Bystanders(ServeProcess serve, NodeDoor door) throws Exception {
        this.serve = serve;
        door.homePrefix("88.118.8");
        door.putRecord(HANDLE, "{\"index\":1,\"type\":\"URL\",\"data\":\"https://tea.example/\"}");
        device = new Sender5(
                "bystander",
                door.createDevice("bystander"),
                serve.address("mqtt").getPort());
        device.start();
        resolving.scheduleWithFixedDelay(this::resolveAll, 0, 50, TimeUnit.MILLISECONDS);
    }

    private void resolveAll() {
        resolve(Transport.UDP, "handle.udp");
        resolve(Transport.TCP, "handle.tcp");
        resolve(Transport.HTTP, "resolver.http");
    }

    private void resolve(Transport transport, String listener) {
        try {
            InetSocketAddress at = serve.address(listener);
            HandleClient.Response response = client.resolve(transport, at, HANDLE, List.of(), new int[0], ANSWER);
            if (response.found() && response.values().size() == 1) {
                resolved.incrementAndGet();
            } else {
                refused = transport + " " + response;
            }
        } catch (Exception e) {
            refused = transport + " " + e;
        }
    }

    /** Both have gone on since and nothing went wrong. */
    void assertUnharmed() {
        int messages = device.acknowledged();
        int answers = resolved.get();
        await("bystanders go on").atMost(PATIENCE).untilAsserted(() -> {
            assertThat(device.acknowledged()).as("%s", device).isGreaterThan(messages);
            assertThat(resolved.get()).isGreaterThan(answers + 3);
        });
        assertThat(refused)
                .as("an answer the resolving bystander did not expect")
                .isEmpty();
        assertThat(device.connects())
                .as("connections of the publishing bystander")
                .isEqualTo(1);
    }

    @Override
    public void close() {
        resolving.shutdownNow();
        device.close();
    }
}
