package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.MessageProperties;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClientPersistence;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.MqttPersistable;
import org.eclipse.paho.client.mqttv3.MqttPersistenceException;
import org.eclipse.paho.client.mqttv3.internal.wire.MqttPublish;
import org.jspecify.annotations.Nullable;

/**
 * MQTT 3.1.1 by Paho. Paho stores a QoS 2 message before it sends PUBREC and forgets it before it sends PUBCOMP, both through the
 * persistence, which is therefore where such a message enters.
 */
final class Paho3Upstream extends PahoUpstream {
    private static final int REFUSED = 0x80;

    private final Optional<SSLSocketFactory> sockets;
    private final MqttAsyncClient client;

    Paho3Upstream(BridgeConfig config, Optional<SSLSocketFactory> sockets, Listener listener) throws UpstreamException {
        super(config, listener);
        this.sockets = sockets;
        this.client = ask("be made", () -> new MqttAsyncClient(config.uri().toString(), config.clientId(), new Qos2()));
        client.setManualAcks(true);
        client.setCallback(new Callback());
    }

    @Override
    public boolean connect() throws UpstreamException {
        return ask("connect", () -> {
            IMqttToken token = client.connect(options());
            token.waitForCompletion(CONNECT_MILLIS);
            return token.getSessionPresent();
        });
    }

    private MqttConnectOptions options() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(false);
        options.setKeepAliveInterval((int) config.keepAlive().toSeconds());
        options.setConnectionTimeout((int) TimeUnit.MILLISECONDS.toSeconds(CONNECT_MILLIS));
        config.login().ifPresent(login -> {
            options.setUserName(login.userName());
            options.setPassword(login.password().toCharArray());
        });
        sockets.ifPresent(options::setSocketFactory);
        options.setHttpsHostnameVerificationEnabled(true);
        return options;
    }

    @Override
    public boolean subscribe(String filter) throws UpstreamException {
        try {
            IMqttToken token = client.subscribe(filter, config.qos());
            token.waitForCompletion(ANSWER_MILLIS);
            return token.getGrantedQos()[0] != REFUSED;
        } catch (MqttException e) {
            if (e.getReasonCode() == MqttException.REASON_CODE_SUBSCRIBE_FAILED || e.getReasonCode() == REFUSED) {
                return false;
            }
            throw failure("subscribe", e);
        }
    }

    @Override
    public void unsubscribe(List<String> filters) throws UpstreamException {
        attempt(
                "unsubscribe",
                () -> client.unsubscribe(filters.toArray(new String[0])).waitForCompletion(ANSWER_MILLIS));
    }

    @Override
    public void acknowledge(int packetId) throws UpstreamException {
        attempt("acknowledge", () -> client.messageArrivedComplete(packetId, 1));
    }

    @Override
    void disconnect(boolean goodbye, long timeoutMillis) throws UpstreamException {
        attempt("disconnect", () -> client.disconnectForcibly(0, timeoutMillis, goodbye));
    }

    @Override
    void end() throws UpstreamException {
        attempt("be closed", () -> client.close(true));
    }

    private static Arrival arrival(String topic, int packetId, MqttMessage message) {
        // RETAIN says here that the topic held the message, not that it holds it still.
        return new Arrival(
                topic,
                message.getQos(),
                false,
                message.isDuplicate(),
                packetId,
                MessageProperties.NONE,
                message.getPayload());
    }

    private boolean isWanted(MqttMessage message) {
        return config.retained() || !message.isRetained();
    }

    private final class Callback implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            listener.lost(reason(cause));
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws MqttException {
            if (message.getQos() == 2) {
                // Released: Paho forgets it, which Qos2 makes durable, and sends PUBCOMP.
                client.messageArrivedComplete(message.getId(), 2);
            } else if (isWanted(message)) {
                listener.arrived(arrival(topic, message.getId(), message));
            } else if (message.getQos() == 1) {
                client.messageArrivedComplete(message.getId(), 1);
            }
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {
            // Nothing is published.
        }
    }

    /** What Paho would keep of received QoS 2 messages. */
    private final class Qos2 extends KeepsNothing implements MqttClientPersistence {
        @Override
        public void put(String key, MqttPersistable persistable) throws MqttPersistenceException {
            if (persistable instanceof MqttPublish publish
                    && Qos2Gate.isReceived(key)
                    && isWanted(publish.getMessage())) {
                try {
                    gate.store(arrival(publish.getTopicName(), publish.getMessageId(), publish.getMessage()));
                } catch (Qos2Gate.RefusedException e) {
                    throw new MqttPersistenceException(e);
                }
            }
        }

        @Override
        public void remove(String key) throws MqttPersistenceException {
            if (Qos2Gate.isReceived(key)) {
                try {
                    gate.release(key);
                } catch (Qos2Gate.RefusedException e) {
                    throw new MqttPersistenceException(e);
                }
            }
        }

        @Override
        public void open(String clientId, String serverUri) {}

        @Override
        public @Nullable MqttPersistable get(String key) {
            return null;
        }
    }
}
