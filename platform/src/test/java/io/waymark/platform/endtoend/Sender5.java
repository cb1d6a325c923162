package io.waymark.platform.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** A {@link Sender} that speaks MQTT 5. */
final class Sender5 extends Sender implements MqttCallback {
    private static final int ANSWER_MILLIS_MAX = 20_000;
    private static final long SESSION_SECONDS = 3600;
    private static final int FIRST_REFUSAL = 0x80;
    /** Answers a repeated PUBREL whose first the server has carried out: "not an error during recovery". */
    private static final int PACKET_IDENTIFIER_NOT_FOUND = 0x92;

    private final MqttAsyncClient client;
    private final MqttConnectionOptions options = new MqttConnectionOptions();

    Sender5(String id, String password, int port) throws MqttException {
        super(id);
        client = new MqttAsyncClient("tcp://127.0.0.1:" + port, id, new MemoryPersistence());
        client.setCallback(this);
        options.setCleanStart(false);
        options.setSessionExpiryInterval(SESSION_SECONDS);
        options.setUserName(id);
        options.setPassword(password.getBytes(StandardCharsets.UTF_8));
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
    public void deliveryComplete(IMqttToken token) {
        int[] reasons = token.getReasonCodes();
        boolean refused = reasons != null && IntStream.of(reasons).anyMatch(Sender5::isRefusal);
        if (token.getException() == null && !refused) {
            delivered(token.getUserContext());
        }
    }

    private static boolean isRefusal(int reason) {
        return reason >= FIRST_REFUSAL && reason != PACKET_IDENTIFIER_NOT_FOUND;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
        // The next step connects again.
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        // Told to the step that caused it.
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        // Nobody subscribes.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // The step that connected knows.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // Nobody authenticates that way.
    }
}
