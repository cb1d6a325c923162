package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.Transport;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverNodeIT {
    @TempDir
    Path directory;

    private ResolverNode start(RecordStore records, int handlePort) {
        ResolverConfig.Listener handle = new ResolverConfig.Listener(List.of("127.0.0.1", "::1"), handlePort);
        ResolverConfig.Listener http = new ResolverConfig.Listener(List.of("127.0.0.1", "::1"), 0);
        return ResolverNode.start(
                new ResolverConfig(
                        new ResolverConfig.Listeners(handle, http),
                        new ResolverConfig.Transport(2, Duration.ofMinutes(1), 1968),
                        ServerAdmins.NONE),
                records,
                directory.resolve("keys"),
                token -> false,
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    private RecordStore open() {
        return RecordStore.open(RecordStoreConfig.defaults(directory.resolve("records")), new SimpleMeterRegistry());
    }

    @Test
    void keepsItsKeyToItselfAndOverRestarts() throws Exception {
        byte[] first = NodeKey.loadOrCreate(directory.resolve("keys")).publicKey();
        Path file = directory.resolve("keys").resolve(NodeKey.FILE);

        assertThat(NodeKey.loadOrCreate(directory.resolve("keys")).publicKey()).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> NodeKey.loadOrCreate(directory.resolve("keys")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void listensOnTheSamePortEverywhere() throws Exception {
        try (NodeHarness harness = new NodeHarness(directory).withRecords()) {
            assertThat(harness.node.handleUdpAddress()).isEqualTo(harness.node.handleTcpAddress());
            Assumptions.assumeTrue(
                    java.net.NetworkInterface.networkInterfaces()
                            .flatMap(java.net.NetworkInterface::inetAddresses)
                            .anyMatch(a -> a.equals(loopback6())),
                    "this machine has no ::1");
            for (Transport transport : Transport.values()) {
                int port = transport == Transport.HTTP
                        ? harness.node.httpAddress().getPort()
                        : harness.node.handleTcpAddress().getPort();
                assertThat(new HandleClient()
                                .resolve(
                                        transport,
                                        new InetSocketAddress(loopback6(), port),
                                        "88.118.8/ABC123",
                                        List.of(),
                                        new int[0],
                                        Duration.ofSeconds(5))
                                .found())
                        .as("%s", transport)
                        .isTrue();
            }
        }
    }

    private static InetAddress loopback6() {
        try {
            return InetAddress.getByName("::1");
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                RecordStore records = open()) {
            assertThatThrownBy(() -> start(records, taken.getLocalPort()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
            start(records, 0).close(); // nothing of the failed start is left
        }
    }

    @Test
    void refusesASecondNodeOnThePort() {
        try (RecordStore records = open();
                ResolverNode first = start(records, 0)) {
            int port = first.handleTcpAddress().getPort();

            assertThatThrownBy(() -> start(records, port)).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void stopsAnsweringWhenClosed() {
        try (RecordStore records = open()) {
            ResolverNode node = start(records, 0);
            InetSocketAddress udp = node.handleUdpAddress();
            node.close();

            assertThatThrownBy(() -> new HandleClient()
                            .resolve(Transport.UDP, udp, "1/a", List.of(), new int[0], Duration.ofMillis(200)))
                    .isInstanceOfAny(SocketTimeoutException.class, java.net.PortUnreachableException.class);
            start(records, udp.getPort()).close();
        }
    }
}
