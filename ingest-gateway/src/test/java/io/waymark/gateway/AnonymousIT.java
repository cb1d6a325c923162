package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waymark.gateway.server.ServerSettings;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without user name: only where configured, and then only from this machine. */
class AnonymousIT {
    @TempDir
    Path directory;

    private GatewayFixture gateway(String host, boolean anonymous) {
        return new GatewayFixture(
                directory,
                GatewayFixture.config()
                        .withServer(server -> server.withMqtt(new ServerSettings.Listener(List.of(host), 0))
                                .withAnonymous(anonymous)));
    }

    @Test
    void isRefusedUnlessConfigured() throws Exception {
        try (GatewayFixture fixture = gateway("127.0.0.1", false)) {
            try (RawClient client = new RawClient(fixture.port())) {
                client.send(RawClient.connect(4, "nobody", true, 0));
                assertThat(client.receive()).isEqualTo("20020005");
                assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
            }
            try (RawClient client = new RawClient(fixture.port())) {
                client.send(RawClient.connect(5, "nobody", true, 0));
                assertThat(client.receive()).startsWith("20").contains("0087");
            }
            assertThat(fixture.metric("waymark.gateway.connects", "reason", "not_authorized"))
                    .isEqualTo(2);
        }
    }

    @Test
    void isRefusedFromAnotherAddressEvenIfConfigured() throws Exception {
        Optional<InetAddress> other = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .findFirst();
        assumeTrue(other.isPresent(), "this machine has an address besides loopback");
        try (GatewayFixture fixture = gateway("0.0.0.0", true);
                RawClient client = new RawClient(new Socket(other.get(), fixture.port()))) {
            client.send(RawClient.connect(4, "nobody", true, 0));
            assertThat(client.receive()).isEqualTo("20020005");
        }
    }
}
