package io.waymark.gateway.fault;

import io.waymark.gateway.RawClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The other side of {@link Crowd}: port, number of clients, messages of each, octets of each. Connects and says
 * {@code connected}; at {@code publish} every client sends all it has, and it says {@code sent}; at {@code collect} it reads the
 * acknowledgements and says {@code acknowledged} with their number, or what came instead.
 */
public final class CrowdProcess {
    private static final int THREADS = 8;

    private final int each;
    private final String payload;
    private final List<RawClient> clients = new ArrayList<>();

    private CrowdProcess(int each, int octets) {
        this.each = each;
        this.payload = "x".repeat(octets);
    }

    public static void main(String[] arguments) throws Exception {
        CrowdProcess crowd = new CrowdProcess(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            crowd.clients.add(RawClient.connected(Integer.parseInt(arguments[0]), 4, "client-" + i));
        }
        say("connected");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            say(order.equals("publish") ? crowd.publish() : crowd.collect());
        }
    }

    private static void say(String line) {
        System.out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    /** More than one thread, for one whose client is made to wait must not keep the others from sending. */
    private String publish() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Void>> senders = new ArrayList<>();
        for (RawClient client : clients) {
            senders.add(threads.submit(() -> publish(client)));
        }
        for (Future<Void> sender : senders) {
            sender.get();
        }
        threads.shutdown();
        return "sent";
    }

    private Void publish(RawClient client) throws IOException {
        for (int id = 1; id <= each; id++) {
            client.send(RawClient.publish(4, 2, "t", id, payload));
        }
        return null;
    }

    private String collect() throws IOException {
        int acknowledged = 0;
        for (int i = 0; i < clients.size(); i++) {
            for (int id = 1; id <= each; id++) {
                String answer = clients.get(i).receive();
                if (!answer.equals(String.format("4002%04x", id))) {
                    return "client-" + i + " was answered " + answer + " where its message " + id + " was due";
                }
                acknowledged++;
            }
        }
        return "acknowledged " + acknowledged;
    }
}
