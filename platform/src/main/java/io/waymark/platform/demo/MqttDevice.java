package io.waymark.platform.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttSecurityException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** A device that speaks MQTT through a Paho client. Blocking; used by one thread. */
abstract class MqttDevice implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    private final String id;
    private final Ledger ledger;

    private MqttDevice(String id, Ledger ledger) {
        this.id = id;
        this.ledger = ledger;
    }

    /** The gateway does not know the user or the password. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String id, MqttSecurityException cause) {
            super(id + " was refused: " + cause.getMessage(), cause);
        }
    }

    /** MQTT 3.1.1, with the device's password. */
    static MqttDevice v3(InetSocketAddress at, String id, String password, Ledger ledger) throws IOException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(id);
        options.setPassword(password.toCharArray());
        return V3.connect(at, id, options, ledger);
    }

    /** MQTT 3.1.1, nameless. */
    static MqttDevice v3(InetSocketAddress at, String id, Ledger ledger) throws IOException {
        return V3.connect(at, id, new MqttConnectOptions(), ledger);
    }

    /** MQTT 5, nameless. */
    static MqttDevice v5(InetSocketAddress at, String id, Ledger ledger) throws IOException {
        return V5.connect(at, id, ledger);
    }

    /** Publishes and waits for the acknowledgement (QoS 1: PUBACK, QoS 2: PUBCOMP); then it is in the ledger. */
    final void publish(String topic, byte[] payload, int qos) throws IOException {
        long start = System.nanoTime();
        publishAndWait(topic, payload, qos);
        ledger.add(id, topic, payload, Duration.ofNanos(System.nanoTime() - start));
    }

    abstract void publishAndWait(String topic, byte[] payload, int qos) throws IOException;

    @Override
    public abstract void close() throws IOException;

    private static String uri(InetSocketAddress at) {
        return "tcp://" + at.getAddress().getHostAddress() + ":" + at.getPort();
    }

    private static IOException failed(String what, String id, Exception e) {
        return new IOException(id + " could not " + what + ": " + e.getMessage(), e);
    }

    private static final class V3 extends MqttDevice {
        private final MqttClient client;

        private V3(String id, MqttClient client, Ledger ledger) {
            super(id, ledger);
            this.client = client;
        }

        static V3 connect(InetSocketAddress at, String id, MqttConnectOptions options, Ledger ledger)
                throws IOException {
            try {
                MqttClient client = new MqttClient(uri(at), id, new MemoryPersistence());
                client.setTimeToWait(ANSWER_MAX.toMillis());
                // otherwise Paho answers a refusal by trying MQTT 3.1, and its refusal hides the first
                options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
                client.connect(options);
                return new V3(id, client, ledger);
            } catch (MqttSecurityException e) {
                throw new RefusedException(id, e);
            } catch (MqttException e) {
                throw failed("connect", id, e);
            }
        }

        @Override
        void publishAndWait(String topic, byte[] payload, int qos) throws IOException {
            try {
                client.publish(topic, payload, qos, false);
            } catch (MqttException e) {
                throw failed("publish to " + topic, client.getClientId(), e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                client.disconnect();
                client.close();
            } catch (MqttException e) {
                throw failed("disconnect", client.getClientId(), e);
            }
        }
    }

    private static final class V5 extends MqttDevice {
        private final org.eclipse.paho.mqttv5.client.MqttClient client;

        private V5(String id, org.eclipse.paho.mqttv5.client.MqttClient client, Ledger ledger) {
            super(id, ledger);
            this.client = client;
        }

        static V5 connect(InetSocketAddress at, String id, Ledger ledger) throws IOException {
            try {
                var client = new org.eclipse.paho.mqttv5.client.MqttClient(
                        uri(at), id, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
                client.setTimeToWait(ANSWER_MAX.toMillis());
                client.connect(new MqttConnectionOptions());
                return new V5(id, client, ledger);
            } catch (org.eclipse.paho.mqttv5.common.MqttException e) {
                throw failed("connect", id, e);
            }
        }

        @Override
        void publishAndWait(String topic, byte[] payload, int qos) throws IOException {
            try {
                client.publish(topic, payload, qos, false);
            } catch (org.eclipse.paho.mqttv5.common.MqttException e) {
                throw failed("publish to " + topic, client.getClientId(), e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                client.disconnect();
                client.close();
            } catch (org.eclipse.paho.mqttv5.common.MqttException e) {
                throw failed("disconnect", client.getClientId(), e);
            }
        }
    }
}
