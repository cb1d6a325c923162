package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttPersistable;
import org.eclipse.paho.mqttv5.common.MqttPersistenceException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.jspecify.annotations.Nullable;

/** MQTT 5.0 by Paho; QoS 2 messages enter where Paho stores them, see {@link Paho3Upstream}. */
final class Paho5Upstream extends PahoUpstream {
    private static final int REFUSED = 0x80;
    private static final int RETAINED_IF_NEW = 1;
    private static final int RETAINED_NEVER = 2;

    private final Optional<SSLSocketFactory> sockets;
    private final MqttAsyncClient client;

    Paho5Upstream(BridgeConfig config, Optional<SSLSocketFactory> sockets, Listener listener) throws UpstreamException {
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

    private MqttConnectionOptions options() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(false);
        options.setSessionExpiryInterval(config.sessionExpiry().toSeconds());
        options.setReceiveMaximum(config.inFlightMax());
        options.setKeepAliveInterval((int) config.keepAlive().toSeconds());
        options.setConnectionTimeout((int) TimeUnit.MILLISECONDS.toSeconds(CONNECT_MILLIS));
        config.login().ifPresent(login -> {
            options.setUserName(login.userName());
            options.setPassword(login.password().getBytes(StandardCharsets.UTF_8));
        });
        sockets.ifPresent(options::setSocketFactory);
        options.setHttpsHostnameVerificationEnabled(true);
        return options;
    }

    @Override
    public boolean subscribe(String filter) throws UpstreamException {
        MqttSubscription subscription = new MqttSubscription(filter, config.qos());
        subscription.setRetainAsPublished(true);
        subscription.setRetainHandling(config.retained() ? RETAINED_IF_NEW : RETAINED_NEVER);
        try {
            IMqttToken token = client.subscribe(new MqttSubscription[] {subscription});
            token.waitForCompletion(ANSWER_MILLIS);
            return token.getReasonCodes()[0] < REFUSED;
        } catch (MqttException e) {
            if (e.getReasonCode() >= REFUSED && e.getReasonCode() <= 0xFF) {
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
        return new Arrival(
                topic,
                message.getQos(),
                message.isRetained(),
                message.isDuplicate(),
                packetId,
                properties(message.getProperties()),
                message.getPayload());
    }

    private static MessageProperties properties(@Nullable MqttProperties said) {
        if (said == null) {
            return MessageProperties.NONE;
        }
        List<String> user = new ArrayList<>();
        said.getUserProperties().forEach(property -> {
            user.add(property.getKey());
            user.add(property.getValue());
        });
        Long expiry = said.getMessageExpiryInterval();
        byte[] correlation = said.getCorrelationData();
        return new MessageProperties(
                said.getPayloadFormat() ? 1 : -1,
                expiry == null ? -1 : expiry,
                text(said.getContentType()),
                text(said.getResponseTopic()),
                correlation == null ? new byte[0] : correlation,
                user);
    }

    private static String text(@Nullable String said) {
        return said == null ? "" : said;
    }

    private final class Callback implements MqttCallback {
        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException cause = response.getException();
            String said = response.getReasonString();
            listener.lost(
                    cause != null
                            ? reason(cause)
                            : "the upstream disconnected with reason code " + response.getReturnCode()
                                    + (said == null ? "" : " " + said));
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            listener.lost(reason(exception));
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            if (message.getQos() < 2) {
                listener.arrived(arrival(topic, message.getId(), message));
            }
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Nothing is published.
        }

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {
            // The token says so.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            listener.lost("the upstream asks for enhanced authentication, which a bridge has not");
        }
    }

    /** What Paho would keep of received QoS 2 messages. */
    private final class Qos2 extends KeepsNothing implements MqttClientPersistence {
        @Override
        public void put(String key, MqttPersistable persistable) throws MqttPersistenceException {
            if (persistable instanceof MqttPublish publish && Qos2Gate.isReceived(key)) {
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
        public void open(String clientId) {}

        @Override
        public @Nullable MqttPersistable get(String key) {
            return null;
        }
    }
}
