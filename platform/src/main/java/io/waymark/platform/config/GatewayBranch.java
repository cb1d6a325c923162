package io.waymark.platform.config;

import io.waymark.gateway.GatewayConfig;
import io.waymark.gateway.command.CommandLimits;
import io.waymark.gateway.ingest.IngestLimits;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.reject.RejectionLimits;
import io.waymark.gateway.server.ServerSettings;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import io.waymark.gateway.session.SessionLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway's branch, from the keys {@code gateway.*}.
 *
 * @param settings where they are read
 * @param kafkaClient settings of every Kafka client
 */
record GatewayBranch(SettingReader settings, Map<String, String> kafkaClient) {
    GatewayConfig read() {
        return new GatewayConfig(
                settings.get(GatewayListenerSettings.ID),
                server(),
                sessions(),
                AccessList.read(settings),
                forward(),
                rejections(),
                BridgeList.read(settings, settings.get(GatewayListenerSettings.ID)),
                commands(),
                http());
    }

    private IngestLimits http() {
        return new IngestLimits(
                Math.toIntExact(settings.get(GatewayMqttSettings.PACKET_BYTES_MAX)),
                IngestLimits.MESSAGES_MAX,
                settings.get(GatewayFlowSettings.HTTP_KEYS_MAX),
                settings.get(GatewayFlowSettings.HTTP_KEYS_DEVICE_MAX),
                settings.get(GatewayFlowSettings.HTTP_KEY_AGE_MAX),
                settings.get(GatewayFlowSettings.HTTP_KAFKA_WAITS_MAX),
                settings.get(GatewayFlowSettings.HTTP_KAFKA_WAIT_MAX));
    }

    private ServerSettings server() {
        return new ServerSettings(
                new ServerSettings.Listeners(
                        listener(GatewayListenerSettings.MQTT_HOSTS, GatewayListenerSettings.MQTT_PORT),
                        mqtts(),
                        webSocket()),
                new ServerSettings.Connections(
                        settings.get(GatewayMqttSettings.CONNECTIONS_MAX),
                        settings.get(GatewayMqttSettings.CONNECTS_PER_SECOND),
                        settings.get(GatewayMqttSettings.CONNECT_TIMEOUT)),
                settings.get(GatewayListenerSettings.AUTH_ANONYMOUS),
                settings.get(GatewayMqttSettings.DENIALS_TOLD),
                offer(),
                settings.get(GatewayMqttSettings.IO_THREADS));
    }

    private ServerSettings.Listener listener(Setting<List<String>> hosts, Setting<Integer> port) {
        return new ServerSettings.Listener(settings.get(hosts), settings.get(port));
    }

    private CommandLimits commands() {
        return new CommandLimits(
                settings.get(GatewayFlowSettings.COMMANDS_TOPIC),
                settings.get(GatewayFlowSettings.COMMANDS_EXPIRY_MAX),
                settings.get(GatewayFlowSettings.COMMANDS_DEVICE_MAX),
                settings.get(GatewayFlowSettings.COMMANDS_COUNT_MAX),
                settings.get(GatewayFlowSettings.COMMANDS_BYTES_MAX),
                Math.toIntExact(settings.get(GatewayMqttSettings.PACKET_BYTES_MAX)),
                settings.get(GatewayFlowSettings.COMMANDS_COUNT_MAX),
                settings.get(GatewayFlowSettings.COMMANDS_REMEMBERED),
                settings.get(GatewayFlowSettings.COMMANDS_UNKNOWN_DEVICES));
    }

    private Optional<ServerSettings.Tls> mqtts() {
        String certificate = settings.get(GatewayListenerSettings.MQTTS_CERTIFICATE);
        String key = settings.get(GatewayListenerSettings.MQTTS_KEY);
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ServerSettings.Tls(
                listener(GatewayListenerSettings.MQTTS_HOSTS, GatewayListenerSettings.MQTTS_PORT),
                Path.of(certificate),
                Path.of(key),
                clients(),
                settings.get(GatewayListenerSettings.MQTTS_RELOAD)));
    }

    private ClientCertificates clients() {
        return new ClientCertificates(
                settings.get(GatewayListenerSettings.MQTTS_CLIENTS),
                file(GatewayListenerSettings.MQTTS_AUTHORITIES),
                file(GatewayListenerSettings.MQTTS_REVOCATIONS),
                settings.get(GatewayListenerSettings.MQTTS_COMMON_NAME),
                CertificateList.read(settings));
    }

    private Optional<Path> file(Setting<String> setting) {
        return Optional.of(settings.get(setting))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    private Optional<ServerSettings.WebSocket> webSocket() {
        Optional<ServerSettings.Listener> plain = listener(
                GatewayListenerSettings.WS_ENABLED, GatewayListenerSettings.WS_HOSTS, GatewayListenerSettings.WS_PORT);
        Optional<ServerSettings.Listener> secure = listener(
                GatewayListenerSettings.WSS_ENABLED,
                GatewayListenerSettings.WSS_HOSTS,
                GatewayListenerSettings.WSS_PORT);
        if (plain.isEmpty() && secure.isEmpty()) {
            return Optional.empty();
        }
        List<String> origins = new ArrayList<>();
        for (String origin : settings.get(GatewayListenerSettings.WS_ORIGINS).split(",", -1)) {
            if (!origin.isBlank()) {
                origins.add(origin.strip());
            }
        }
        return Optional.of(
                new ServerSettings.WebSocket(plain, secure, settings.get(GatewayListenerSettings.WS_PATH), origins));
    }

    private Optional<ServerSettings.Listener> listener(
            Setting<Boolean> enabled, Setting<List<String>> hosts, Setting<Integer> port) {
        return settings.get(enabled) ? Optional.of(listener(hosts, port)) : Optional.empty();
    }

    private Offer offer() {
        return new Offer(
                settings.get(GatewayMqttSettings.RECEIVE_MAXIMUM),
                settings.get(GatewayMqttSettings.TOPIC_ALIAS_MAXIMUM),
                Math.toIntExact(settings.get(GatewayMqttSettings.PACKET_BYTES_MAX)),
                settings.get(GatewayMqttSettings.QOS_MAX),
                new Offer.Features(
                        settings.get(GatewayMqttSettings.RETAIN),
                        settings.get(GatewayMqttSettings.WILDCARDS),
                        settings.get(GatewayMqttSettings.SHARED),
                        settings.get(GatewayMqttSettings.SUBSCRIPTION_IDS)),
                Math.toIntExact(settings.get(GatewayMqttSettings.KEEP_ALIVE_MAX).toSeconds()),
                settings.get(GatewayMqttSettings.RESPONSE_INFORMATION),
                AckList.read(settings));
    }

    private SessionLimits sessions() {
        return new SessionLimits(
                settings.get(GatewayMqttSettings.SESSIONS_MAX),
                settings.get(GatewayMqttSettings.SESSION_EXPIRY_MAX).toSeconds(),
                new SessionLimits.SubscriptionLimits(
                        settings.get(GatewayMqttSettings.SUBSCRIPTIONS_MAX),
                        settings.get(GatewayMqttSettings.SUBSCRIPTIONS_TOTAL_MAX)),
                new SessionLimits.QueueLimits(
                        settings.get(GatewayMqttSettings.QUEUE_COUNT_MAX),
                        settings.get(GatewayMqttSettings.QUEUE_BYTES_MAX),
                        settings.get(GatewayMqttSettings.QUEUE_BYTES_TOTAL_MAX),
                        settings.get(GatewayMqttSettings.QUEUE_AGE_MAX)),
                new SessionLimits.RetainedLimits(
                        settings.get(GatewayMqttSettings.RETAINED_COUNT_MAX),
                        settings.get(GatewayMqttSettings.RETAINED_BYTES_MAX)),
                settings.get(GatewayMqttSettings.WILL_BYTES_MAX));
    }

    private GatewayConfig.Forward forward() {
        return new GatewayConfig.Forward(
                Map.copyOf(kafkaClient),
                GatewayConfig.Topics.DEFAULTS,
                settings.get(GatewayFlowSettings.FORWARD_TRANSACTION_ENTRIES_MAX),
                settings.get(GatewayFlowSettings.FORWARD_LINGER),
                settings.get(GatewayFlowSettings.FORWARD_REJECTS_OVERSIZE),
                settings.get(GatewayFlowSettings.EVENTS));
    }

    private RejectionLimits rejections() {
        return new RejectionLimits(
                settings.get(GatewayFlowSettings.REJECTED_WHOSE),
                settings.get(GatewayFlowSettings.REJECTED_MESSAGES),
                settings.get(GatewayFlowSettings.REJECTED_BYTES),
                Math.toIntExact(settings.get(GatewayFlowSettings.REJECTED_PAYLOAD_BYTES_MAX)),
                settings.get(GatewayFlowSettings.REJECTED_WAITING_BYTES_MAX));
    }
}
