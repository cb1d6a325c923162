package io.waymark.platform.config;

import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import io.waymark.gateway.server.ServerSettings.Listeners;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Rules that span several keys. */
final class CrossChecks {
    private static final Pattern SERVER = Pattern.compile("[^\\s:,]+:\\d{1,5}|\\[[0-9A-Fa-f:.]+]:\\d{1,5}");

    private CrossChecks() {}

    static void check(PlatformConfig config, SettingReader settings) {
        anonymousOnlyOnLoopback(config, settings);
        certificateWithKey(settings);
        certificateForClients(config, settings);
        readable(config, settings);
        kafkaSomewhere(config, settings);
        bootstrapServers(config, settings);
        portsApart(config, settings);
    }

    private static void anonymousOnlyOnLoopback(PlatformConfig config, SettingReader settings) {
        if (!config.gateway().server().anonymous()) {
            return;
        }
        Listeners listeners = config.gateway().server().listeners();
        List<String> hosts = new ArrayList<>(listeners.mqtt().hosts());
        listeners.mqtts().ifPresent(tls -> hosts.addAll(tls.listener().hosts()));
        listeners.webSocket().ifPresent(ws -> {
            ws.plain().ifPresent(plain -> hosts.addAll(plain.hosts()));
            ws.secure().ifPresent(secure -> hosts.addAll(secure.hosts()));
        });
        hosts.removeIf(CrossChecks::isLoopback);
        if (!hosts.isEmpty()) {
            settings.problem(
                    GatewayListenerSettings.AUTH_ANONYMOUS.key(),
                    "must be false while MQTT listens outside loopback, on " + String.join(", ", hosts));
        }
    }

    /** Decided on the text alone: a name other than localhost may resolve to anything tomorrow. */
    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.equals("::1")
                || host.equals("0:0:0:0:0:0:0:1")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static void certificateWithKey(SettingReader settings) {
        together(GatewayListenerSettings.MQTTS_CERTIFICATE, GatewayListenerSettings.MQTTS_KEY, settings);
        together(ResolverSettings.TLS_CERTIFICATE, ResolverSettings.TLS_KEY, settings);
    }

    private static void together(Setting<String> certificate, Setting<String> key, SettingReader settings) {
        if (settings.isSet(certificate) && !settings.isSet(key)) {
            settings.problem(certificate.key(), "needs " + key.key() + " beside it");
        } else if (settings.isSet(key) && !settings.isSet(certificate)) {
            settings.problem(key.key(), "needs " + certificate.key() + " beside it");
        }
    }

    private static void certificateForClients(PlatformConfig config, SettingReader settings) {
        boolean certificate = config.gateway().server().listeners().mqtts().isPresent();
        if (settings.get(GatewayListenerSettings.WSS_ENABLED) && !certificate) {
            settings.problem(GatewayListenerSettings.WSS_ENABLED.key(), "needs gateway.mqtts.certificate");
        }
        if (settings.get(GatewayListenerSettings.MQTTS_CLIENTS) != ClientCertificates.Mode.NONE
                && !settings.isSet(GatewayListenerSettings.MQTTS_AUTHORITIES)) {
            settings.problem(GatewayListenerSettings.MQTTS_CLIENTS.key(), "needs gateway.mqtts.client-authorities");
        }
    }

    private static void readable(PlatformConfig config, SettingReader settings) {
        config.gateway().server().listeners().mqtts().ifPresent(tls -> {
            readable(GatewayListenerSettings.MQTTS_CERTIFICATE, tls.certificateChain(), settings);
            readable(GatewayListenerSettings.MQTTS_KEY, tls.privateKey(), settings);
            tls.clients()
                    .authorities()
                    .ifPresent(f -> readable(GatewayListenerSettings.MQTTS_AUTHORITIES, f, settings));
            tls.clients()
                    .revocations()
                    .ifPresent(f -> readable(GatewayListenerSettings.MQTTS_REVOCATIONS, f, settings));
        });
        config.resolver().listeners().tls().files().ifPresent(files -> {
            readable(ResolverSettings.TLS_CERTIFICATE, files.certificate(), settings);
            readable(ResolverSettings.TLS_KEY, files.key(), settings);
        });
    }

    private static void readable(Setting<String> setting, Path file, SettingReader settings) {
        if (!Files.isReadable(file)) {
            settings.problem(setting.key(), "must be a readable file but was \"" + file + "\"");
        }
    }

    private static void kafkaSomewhere(PlatformConfig config, SettingReader settings) {
        boolean needed = config.runs(Service.GATEWAY) || config.runs(Service.TRACE);
        if (needed
                && !config.runs(Service.KAFKA)
                && config.kafka().bootstrapServers().isEmpty()) {
            settings.problem(
                    Settings.SERVICES.key(),
                    "has gateway or trace but not kafka, so kafka.bootstrap.servers must name a cluster");
        }
        if (config.services().isEmpty()) {
            settings.problem(
                    Settings.SERVICES.key(), "leaves nothing to run: kafka is not started beside bootstrap servers");
        }
    }

    private static void bootstrapServers(PlatformConfig config, SettingReader settings) {
        config.kafka().bootstrapServers().ifPresent(servers -> {
            for (String server : servers.split(",", -1)) {
                if (!SERVER.matcher(server.strip()).matches()) {
                    settings.problem(
                            PlatformSettings.KAFKA_BOOTSTRAP_SERVERS.key(),
                            "must be host:port, comma-separated, but has \"" + server.strip() + "\"");
                }
            }
        });
    }

    /** Every TCP listener of this process needs a port of its own (0 aside). */
    private static void portsApart(PlatformConfig config, SettingReader settings) {
        Map<Integer, String> taken = new HashMap<>();
        listeners(config).forEach((key, port) -> {
            String other = port == 0 ? null : taken.putIfAbsent(port, key);
            if (other != null) {
                settings.problem(key + " must differ from " + other + " but both are " + port);
            }
        });
    }

    private static Map<String, Integer> listeners(PlatformConfig config) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        if (config.runs(Service.RESOLVER)) {
            ports.put(
                    ResolverSettings.HANDLE_PORT.key(),
                    config.resolver().listeners().handle().port());
            ports.put(
                    ResolverSettings.HTTP_PORT.key(),
                    config.resolver().listeners().http().port());
        }
        if (config.runs(Service.GATEWAY)) {
            Listeners listeners = config.gateway().server().listeners();
            ports.put(GatewayListenerSettings.MQTT_PORT.key(), listeners.mqtt().port());
            listeners
                    .mqtts()
                    .ifPresent(tls -> ports.put(
                            GatewayListenerSettings.MQTTS_PORT.key(),
                            tls.listener().port()));
            listeners.webSocket().ifPresent(ws -> {
                ws.plain().ifPresent(plain -> ports.put(GatewayListenerSettings.WS_PORT.key(), plain.port()));
                ws.secure().ifPresent(secure -> ports.put(GatewayListenerSettings.WSS_PORT.key(), secure.port()));
            });
        }
        if (config.runs(Service.KAFKA)) {
            ports.put(PlatformSettings.KAFKA_EMBEDDED_PORT.key(), config.kafka().embeddedPort());
        }
        if (config.runs(Service.HTTP)) {
            ports.put(PlatformSettings.PLATFORM_HTTP_PORT.key(), config.http().port());
        }
        return ports;
    }
}
