package io.waymark.platform.config;

import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import java.time.Duration;
import java.util.List;

/** Where devices find the gateway and how they prove who they are: {@code gateway.mqtt}, {@code mqtts}, {@code ws}, {@code wss}, {@code auth}. */
final class GatewayListenerSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<String> ID = TABLE.add(
            "gateway.id",
            "gateway-1",
            ValueType.name(),
            "Names this gateway towards Kafka; two gateways must never share it.");
    static final Setting<List<String>> MQTT_HOSTS = TABLE.add(
            "gateway.mqtt.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of MQTT without TLS." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> MQTT_PORT =
            TABLE.add("gateway.mqtt.port", "1883", ValueType.port(), "Port of MQTT without TLS.");
    static final Setting<AckLevel> MQTT_ACK = TABLE.add(
            "gateway.mqtt.ack-level",
            "spool",
            ValueType.oneOf(AckLevel.class),
            "When messages of MQTT without TLS are acknowledged: once read (memory; a crash loses them), on disk here (spool)"
                    + ", or committed in Kafka (kafka). gateway.ack decides by topic.");
    static final Setting<List<String>> MQTTS_HOSTS = TABLE.add(
            "gateway.mqtts.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of MQTT over TLS." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> MQTTS_PORT = TABLE.add(
            "gateway.mqtts.port", "8883", ValueType.port(), "Port of MQTT over TLS; open when a certificate is set.");
    static final Setting<String> MQTTS_CERTIFICATE = TABLE.add(
            "gateway.mqtts.certificate", "", ValueType.text(4096), "PEM file with the certificate chain, own first.");
    static final Setting<String> MQTTS_KEY =
            TABLE.add("gateway.mqtts.key", "", ValueType.text(4096), "PEM file with the private key (PKCS#8).");
    static final Setting<ClientCertificates.Mode> MQTTS_CLIENTS = TABLE.add(
            "gateway.mqtts.client-certificates",
            "none",
            ValueType.oneOf(ClientCertificates.Mode.class),
            "Whether clients are asked for a certificate, which then is the device's proof instead of a password.");
    static final Setting<String> MQTTS_AUTHORITIES = TABLE.add(
            "gateway.mqtts.client-authorities",
            "",
            ValueType.text(4096),
            "PEM file with the certificates of those who issue them.");
    static final Setting<String> MQTTS_REVOCATIONS = TABLE.add(
            "gateway.mqtts.client-revocations",
            "",
            ValueType.text(4096),
            "PEM file with revocation lists, one of each authority. Empty = nothing is revoked.");
    static final Setting<Boolean> MQTTS_COMMON_NAME = TABLE.add(
            "gateway.mqtts.client-common-name",
            "true",
            ValueType.bool(),
            "Whether the subject's common name is the device id. gateway.certificates maps others by fingerprint.");
    static final Setting<Duration> MQTTS_RELOAD = TABLE.add(
            "gateway.mqtts.reload-check",
            "10s",
            ValueType.duration(Duration.ofMillis(100), Duration.ofHours(1)),
            "How often all these files are looked at; new ones are taken without a restart.");
    static final Setting<AckLevel> MQTTS_ACK = TABLE.add(
            "gateway.mqtts.ack-level", "spool", ValueType.oneOf(AckLevel.class), "The same for MQTT over TLS.");
    static final Setting<Boolean> WS_ENABLED =
            TABLE.add("gateway.ws.enabled", "false", ValueType.bool(), "MQTT over WebSocket without TLS.");
    static final Setting<List<String>> WS_HOSTS = TABLE.add(
            "gateway.ws.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of MQTT over WebSocket." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> WS_PORT =
            TABLE.add("gateway.ws.port", "8083", ValueType.port(), "Port of MQTT over WebSocket.");
    static final Setting<String> WS_PATH =
            TABLE.add("gateway.ws.path", "/mqtt", ValueType.text(256), "Path of both WebSocket listeners.");
    static final Setting<String> WS_ORIGINS = TABLE.add(
            "gateway.ws.origins",
            "",
            ValueType.text(4096),
            "Pages that may connect from a browser beside those of the same host, as https://host:port, comma-separated;"
                    + " * = all.");
    static final Setting<AckLevel> WS_ACK = TABLE.add(
            "gateway.ws.ack-level", "spool", ValueType.oneOf(AckLevel.class), "The same for MQTT over WebSocket.");
    static final Setting<Boolean> WSS_ENABLED = TABLE.add(
            "gateway.wss.enabled",
            "false",
            ValueType.bool(),
            "MQTT over WebSocket with TLS, with the certificate of gateway.mqtts.");
    static final Setting<List<String>> WSS_HOSTS = TABLE.add(
            "gateway.wss.hosts",
            SettingTable.LOOPBACK,
            ValueType.hosts(),
            "Addresses of MQTT over WebSocket with TLS." + SettingTable.HOSTS_NOTE);
    static final Setting<Integer> WSS_PORT =
            TABLE.add("gateway.wss.port", "8084", ValueType.port(), "Port of MQTT over WebSocket with TLS.");
    static final Setting<AckLevel> WSS_ACK = TABLE.add(
            "gateway.wss.ack-level",
            "spool",
            ValueType.oneOf(AckLevel.class),
            "The same for MQTT over WebSocket with TLS.");
    static final Setting<Boolean> AUTH_ANONYMOUS = TABLE.add(
            "gateway.auth.anonymous",
            "false",
            ValueType.bool(),
            "Accept devices without password. Refused unless every MQTT listener is on loopback.");

    private GatewayListenerSettings() {}
}
