package io.waymark.gateway.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device of the upstream's: publishes 1, 2, 3, … one after the other and knows what the upstream has acknowledged. */
final class Publisher implements AutoCloseable {
    final List<String> acknowledged = new ArrayList<>();
    /** Follows the number in every payload. */
    String padding = "";

    private final String uri;
    private MqttClient client;
    private int next = 1;

    Publisher(Mosquitto upstream) throws MqttException {
        this(upstream.uri("tcp"));
    }

    Publisher(String uri) throws MqttException {
        this.uri = uri;
        connect();
    }

    void connect() throws MqttException {
        client = new MqttClient(uri, "device", new MemoryPersistence());
        client.setTimeToWait(10_000);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(1_000);
        client.connect(options);
    }

    /** So many messages; those acknowledged are remembered. */
    void publish(String topic, int qos, int count) throws MqttException {
        for (int i = 0; i < count; i++) {
            String number = Integer.toString(next++);
            MqttMessage message = new MqttMessage((number + padding).getBytes(StandardCharsets.UTF_8));
            message.setQos(qos);
            client.publish(topic, message);
            acknowledged.add(number);
        }
    }

    @Override
    public void close() throws MqttException {
        try {
            client.disconnectForcibly(0, 100);
        } finally {
            client.close(true);
        }
    }
}
