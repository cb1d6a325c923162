package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.message.Transport;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** What can be seen of a node from outside: its ports, its health, its Kafka. */
final class NodeChecks {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int KAFKA_SECONDS = 5;
    private static final Map<String, Integer> DEFAULT_PORTS = defaultPorts();

    private NodeChecks() {}

    private static Map<String, Integer> defaultPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("handle.tcp", 2641);
        ports.put("resolver.http", 8000);
        ports.put("platform.http", 8080);
        ports.put("mqtt", 1883);
        ports.put("kafka", 9092);
        return ports;
    }

    /** No node runs: whether one could bind its default ports. */
    static List<Finding> freePorts() {
        List<Finding> findings = new ArrayList<>();
        DEFAULT_PORTS.forEach((name, port) -> findings.add(freePort(name, port)));
        return findings;
    }

    static Finding freePort(String name, int port) {
        String subject = "port " + port;
        try {
            bindAndRelease(port, name.startsWith("handle"));
            return Finding.ok(subject, "free for " + name);
        } catch (IOException e) {
            String key = name.equals("kafka") ? "kafka.embedded.port" : settingOf(name);
            return Finding.warn(
                    subject,
                    "taken by another program, " + name + " could not listen there",
                    "stop that program or choose another port with --set " + key + "=PORT");
        }
    }

    private static void bindAndRelease(int port, boolean alsoUdp) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        new ServerSocket(port, 1, loopback).close();
        if (alsoUdp) {
            new DatagramSocket(new InetSocketAddress(loopback, port)).close();
        }
    }

    private static String settingOf(String listener) {
        return switch (listener) {
            case "handle.tcp" -> "resolver.handle.port";
            case "mqtt" -> "gateway.mqtt.port";
            default -> listener + ".port";
        };
    }

    /** A node runs: what it says of itself, and whether each listener answers. */
    static List<Finding> running(NodeConnection node) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        JsonNode health = node.get("/health").json();
        String status = health.path("status").asText("nothing");
        String detail = "node at " + node.baseUrl() + " says " + status;
        findings.add(
                status.equals("UP")
                        ? Finding.ok("health", detail)
                        : Finding.fail("health", detail, "look at its log; GET /health names the service"));
        health.path("services").properties().forEach(e -> findings.add(service(e.getKey(), e.getValue())));
        node.listeners().forEach((name, address) -> findings.add(listener(name, address)));
        return findings;
    }

    private static Finding service(String name, JsonNode state) {
        String text = state.isTextual() ? state.asText() : state.path("state").asText(state.toString());
        boolean up = text.equalsIgnoreCase("UP") || text.equalsIgnoreCase("RUNNING");
        return up
                ? Finding.ok("service " + name, text)
                : Finding.warn("service " + name, text, "wait a moment and look again, then look at the log");
    }

    private static Finding listener(String name, String address) {
        if (name.equals("handle.udp")) {
            return datagrams(name, address);
        }
        try (Socket socket = new Socket()) {
            socket.connect(NodeConnection.socketAddress(address), CONNECT_MILLIS);
            return Finding.ok("listener " + name, address + " accepts connections");
        } catch (IOException e) {
            return Finding.fail(
                    "listener " + name, address + " refuses: " + NodeConnection.reason(e), "look at the node's log");
        }
    }

    /** A datagram socket shows nothing until it is asked something; any answer will do. */
    private static Finding datagrams(String name, String address) {
        try {
            HandleClient.Response response = new HandleClient()
                    .resolve(
                            Transport.UDP,
                            NodeConnection.socketAddress(address),
                            "0.NA/0.NA",
                            List.of(),
                            new int[0],
                            Duration.ofMillis(CONNECT_MILLIS));
            return Finding.ok(
                    "listener " + name,
                    address + " answers in " + response.roundTrip().toMillis() + " ms");
        } catch (IOException e) {
            return Finding.fail(
                    "listener " + name,
                    address + " does not answer: " + NodeConnection.reason(e),
                    "look at the node's log, and for a firewall that drops UDP");
        }
    }

    /** Whether a Kafka cluster answers, and how many brokers it has. */
    static Finding kafka(String bootstrapServers) throws InterruptedException {
        Properties settings = new Properties();
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, KAFKA_SECONDS * 1000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_SECONDS * 1000);
        try (Admin admin = Admin.create(settings)) {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(KAFKA_SECONDS + 1, TimeUnit.SECONDS)
                    .size();
            return Finding.ok(
                    "Kafka", bootstrapServers + " answers, " + brokers + (brokers == 1 ? " broker" : " brokers"));
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Finding.fail(
                    "Kafka",
                    bootstrapServers + " does not answer within " + KAFKA_SECONDS + " s (" + cause.getMessage() + ")",
                    "check the address and that Kafka runs; until then the spool keeps what devices send");
        }
    }
}
