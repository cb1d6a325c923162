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
                settings.get(Settings.GATEWAY_ID),
                server(),
                sessions(),
                AccessList.read(settings),
                forward(),
                rejections(),
                BridgeList.read(settings, settings.get(Settings.GATEWAY_ID)),
                commands(),
                http());
    }

    private IngestLimits http() {
        return new IngestLimits(
                Math.toIntExact(settings.get(Settings.GATEWAY_PACKET_BYTES_MAX)),
                IngestLimits.MESSAGES_MAX,
                settings.get(Settings.GATEWAY_HTTP_KEYS_MAX),
                settings.get(Settings.GATEWAY_HTTP_KEYS_DEVICE_MAX),
                settings.get(Settings.GATEWAY_HTTP_KEY_AGE_MAX),
                settings.get(Settings.GATEWAY_HTTP_KAFKA_WAITS_MAX),
                settings.get(Settings.GATEWAY_HTTP_KAFKA_WAIT_MAX));
    }

    private ServerSettings server() {
        return new ServerSettings(
                new ServerSettings.Listeners(
                        listener(Settings.GATEWAY_MQTT_HOSTS, Settings.GATEWAY_MQTT_PORT), mqtts(), webSocket()),
                new ServerSettings.Connections(
                        settings.get(Settings.GATEWAY_CONNECTIONS_MAX),
                        settings.get(Settings.GATEWAY_CONNECTS_PER_SECOND),
                        settings.get(Settings.GATEWAY_CONNECT_TIMEOUT)),
                settings.get(Settings.GATEWAY_AUTH_ANONYMOUS),
                offer(),
                settings.get(Settings.GATEWAY_IO_THREADS));
    }

    private ServerSettings.Listener listener(Setting<List<String>> hosts, Setting<Integer> port) {
        return new ServerSettings.Listener(settings.get(hosts), settings.get(port));
    }

    private CommandLimits commands() {
        return new CommandLimits(
                settings.get(Settings.GATEWAY_COMMANDS_TOPIC),
                settings.get(Settings.GATEWAY_COMMANDS_EXPIRY_MAX),
                settings.get(Settings.GATEWAY_COMMANDS_DEVICE_MAX),
                settings.get(Settings.GATEWAY_COMMANDS_COUNT_MAX),
                settings.get(Settings.GATEWAY_COMMANDS_BYTES_MAX),
                Math.toIntExact(settings.get(Settings.GATEWAY_PACKET_BYTES_MAX)),
                settings.get(Settings.GATEWAY_COMMANDS_COUNT_MAX),
                settings.get(Settings.GATEWAY_COMMANDS_REMEMBERED),
                settings.get(Settings.GATEWAY_COMMANDS_UNKNOWN_DEVICES));
    }

    private Optional<ServerSettings.Tls> mqtts() {
        String certificate = settings.get(Settings.GATEWAY_MQTTS_CERTIFICATE);
        String key = settings.get(Settings.GATEWAY_MQTTS_KEY);
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ServerSettings.Tls(
                listener(Settings.GATEWAY_MQTTS_HOSTS, Settings.GATEWAY_MQTTS_PORT),
                Path.of(certificate),
                Path.of(key),
                clients(),
                settings.get(Settings.GATEWAY_MQTTS_RELOAD)));
    }

    private ClientCertificates clients() {
        return new ClientCertificates(
                settings.get(Settings.GATEWAY_MQTTS_CLIENTS),
                file(Settings.GATEWAY_MQTTS_AUTHORITIES),
                file(Settings.GATEWAY_MQTTS_REVOCATIONS),
                settings.get(Settings.GATEWAY_MQTTS_COMMON_NAME),
                CertificateList.read(settings));
    }

    private Optional<Path> file(Setting<String> setting) {
        return Optional.of(settings.get(setting))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    private Optional<ServerSettings.WebSocket> webSocket() {
        Optional<ServerSettings.Listener> plain =
                listener(Settings.GATEWAY_WS_ENABLED, Settings.GATEWAY_WS_HOSTS, Settings.GATEWAY_WS_PORT);
        Optional<ServerSettings.Listener> secure =
                listener(Settings.GATEWAY_WSS_ENABLED, Settings.GATEWAY_WSS_HOSTS, Settings.GATEWAY_WSS_PORT);
        if (plain.isEmpty() && secure.isEmpty()) {
            return Optional.empty();
        }
        List<String> origins = new ArrayList<>();
        for (String origin : settings.get(Settings.GATEWAY_WS_ORIGINS).split(",", -1)) {
            if (!origin.isBlank()) {
                origins.add(origin.strip());
            }
        }
        return Optional.of(
                new ServerSettings.WebSocket(plain, secure, settings.get(Settings.GATEWAY_WS_PATH), origins));
    }

    private Optional<ServerSettings.Listener> listener(
            Setting<Boolean> enabled, Setting<List<String>> hosts, Setting<Integer> port) {
        return settings.get(enabled) ? Optional.of(listener(hosts, port)) : Optional.empty();
    }

    private Offer offer() {
        return new Offer(
                settings.get(Settings.GATEWAY_RECEIVE_MAXIMUM),
                settings.get(Settings.GATEWAY_TOPIC_ALIAS_MAXIMUM),
                Math.toIntExact(settings.get(Settings.GATEWAY_PACKET_BYTES_MAX)),
                settings.get(Settings.GATEWAY_QOS_MAX),
                settings.get(Settings.GATEWAY_RETAIN),
                settings.get(Settings.GATEWAY_WILDCARDS),
                settings.get(Settings.GATEWAY_SHARED),
                settings.get(Settings.GATEWAY_SUBSCRIPTION_IDS),
                Math.toIntExact(settings.get(Settings.GATEWAY_KEEP_ALIVE_MAX).toSeconds()),
                settings.get(Settings.GATEWAY_RESPONSE_INFORMATION),
                AckList.read(settings));
    }

    private SessionLimits sessions() {
        return new SessionLimits(
                settings.get(Settings.GATEWAY_SESSIONS_MAX),
                settings.get(Settings.GATEWAY_SESSION_EXPIRY_MAX).toSeconds(),
                settings.get(Settings.GATEWAY_SUBSCRIPTIONS_MAX),
                settings.get(Settings.GATEWAY_SUBSCRIPTIONS_TOTAL_MAX),
                settings.get(Settings.GATEWAY_QUEUE_COUNT_MAX),
                settings.get(Settings.GATEWAY_QUEUE_BYTES_MAX),
                settings.get(Settings.GATEWAY_QUEUE_BYTES_TOTAL_MAX),
                settings.get(Settings.GATEWAY_QUEUE_AGE_MAX),
                settings.get(Settings.GATEWAY_RETAINED_COUNT_MAX),
                settings.get(Settings.GATEWAY_RETAINED_BYTES_MAX),
                settings.get(Settings.GATEWAY_WILL_BYTES_MAX));
    }

    private GatewayConfig.Forward forward() {
        return new GatewayConfig.Forward(
                Map.copyOf(kafkaClient),
                GatewayConfig.Topics.DEFAULTS,
                settings.get(Settings.GATEWAY_FORWARD_TRANSACTION_ENTRIES_MAX),
                settings.get(Settings.GATEWAY_FORWARD_LINGER),
                settings.get(Settings.GATEWAY_FORWARD_REJECTS_OVERSIZE),
                settings.get(Settings.GATEWAY_EVENTS));
    }

    private RejectionLimits rejections() {
        return new RejectionLimits(
                settings.get(Settings.GATEWAY_REJECTED_WHOSE),
                settings.get(Settings.GATEWAY_REJECTED_MESSAGES),
                settings.get(Settings.GATEWAY_REJECTED_BYTES),
                Math.toIntExact(settings.get(Settings.GATEWAY_REJECTED_PAYLOAD_BYTES_MAX)),
                settings.get(Settings.GATEWAY_REJECTED_WAITING_BYTES_MAX));
    }
}
