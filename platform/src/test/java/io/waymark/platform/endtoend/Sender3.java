package io.waymark.platform.endtoend;

import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A {@link Sender} that speaks MQTT 3.1.1. */
final class Sender3 extends Sender implements MqttCallback {
    private static final int ANSWER_MILLIS_MAX = 20_000;

    private final MqttAsyncClient client;
    private final MqttConnectOptions options = new MqttConnectOptions();

    Sender3(String id, String password, int port) throws MqttException {
        super(id);
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, id, new MemoryPersistence());
        client.setCallback(this);
        // Else a refused client tries again with version 3.1 and sees only that refusal.
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(false);
        options.setUserName(id);
        options.setPassword(password.toCharArray());
        options.setMaxInflight(2 * WINDOW);
    }

    @Override
    boolean isConnected() {
        return client.isConnected();
    }

    @Override
    boolean connect() throws MqttException {
        IMqttToken token = client.connect(options);
        token.waitForCompletion(ANSWER_MILLIS_MAX);
        return token.getSessionPresent();
    }

    @Override
    void publish(String topic, byte[] payload, int qos, Integer sequence) throws MqttException {
        client.publish(topic, payload, qos, false, sequence, null);
    }

    @Override
    void disconnect() throws MqttException {
        client.disconnect().waitForCompletion(ANSWER_MILLIS_MAX);
        client.close();
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        if (token.getException() == null) {
            delivered(token.getUserContext());
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        // The next step connects again.
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        // Nobody subscribes.
    }
}
