package io.waymark.platform.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commented configuration file: every section, every key with its meaning, its bound and its default, commented
 * out. As it stands it changes nothing; it is shipped as {@code conf/waymark.yaml}.
 */
public final class ConfigTemplate {
    private static final int WIDTH = 112;

    private ConfigTemplate() {}

    /** The whole file. */
    public static String render() {
        StringBuilder out = new StringBuilder();
        head(out);
        List<String> open = new ArrayList<>();
        for (Setting<?> setting : Settings.all()) {
            sections(out, open, setting.key());
            entry(out, setting);
            if (setting.equals(PlatformSettings.TRACE_APPLICATION_ID)) {
                readPoints(out);
            } else if (setting.equals(GatewayListenerSettings.AUTH_ANONYMOUS)) {
                // Behind gateway.auth, whose section it ends.
                open.subList(1, open.size()).clear();
                access(out);
                acks(out);
                certificates(out);
                bridges(out);
            } else if (setting.equals(PlatformSettings.KAFKA_EMBEDDED_PORT)) {
                clientSettings(out);
            }
        }
        return out.toString();
    }

    private static void head(StringBuilder out) {
        comment(out, 0, "Waymark configuration. Every key may be left out; the value shown is the default.");
        comment(out, 0, "waymark serve --config THIS_FILE reads it; without --config no file is read.");
        comment(
                out,
                0,
                "Stronger than this file: the environment (resolver.handle.port = "
                        + ResolverSettings.HANDLE_PORT.environmentName() + "), then --set resolver.handle.port=2641.");
    }

    /** Opens the sections a key lives in, such as {@code resolver:} and {@code handle:}. */
    private static void sections(StringBuilder out, List<String> open, String key) {
        String[] parts = key.split("\\.");
        int depth = parts.length - 1;
        int same = 0;
        while (same < depth && same < open.size() && open.get(same).equals(parts[same])) {
            same++;
        }
        open.subList(same, open.size()).clear();
        for (int i = same; i < depth; i++) {
            out.append(i == 0 ? "\n" : "")
                    .append("  ".repeat(i))
                    .append(parts[i])
                    .append(":\n");
            open.add(parts[i]);
        }
        if (depth == 0) {
            out.append('\n');
        }
    }

    private static void entry(StringBuilder out, Setting<?> setting) {
        int depth = setting.key().split("\\.").length - 1;
        String name = setting.key().substring(setting.key().lastIndexOf('.') + 1);
        comment(out, depth, setting.meaning() + " (" + setting.type().allowed() + ")");
        out.append("  ".repeat(depth))
                .append('#')
                .append(name)
                .append(": ")
                .append(value(setting))
                .append('\n');
    }

    private static String value(Setting<?> setting) {
        boolean list = SettingReader.defaultOf(setting) instanceof Iterable<?> i && !(i instanceof Path);
        if (!list) {
            return setting.defaultText().isEmpty() ? "\"\"" : setting.defaultText();
        }
        return "[" + setting.defaultText().replaceAll("(\\S*:\\S*[^,])", "\"$1\"") + "]";
    }

    private static void readPoints(StringBuilder out) {
        comment(
                out,
                1,
                "What a read at a device or topic means; the first match wins. match is an MQTT topic filter,"
                        + " read-point and biz-location are URIs (a GLN as https://id.gs1.org/414/…), biz-step and"
                        + " disposition CBV 2.0 words, action ADD, OBSERVE (default) or DELETE.");
        for (String line : List.of(
                "#read-points:",
                "#  - match: factory/packing/#",
                "#    read-point: https://id.gs1.org/414/6901234000016/254/packing",
                "#    biz-location: https://id.gs1.org/414/6901234000016",
                "#    biz-step: packing",
                "#    disposition: in_progress",
                "#    action: OBSERVE")) {
            out.append("  ").append(line).append('\n');
        }
    }

    private static void access(StringBuilder out) {
        comment(
                out,
                1,
                "Who may publish and subscribe where; the first rule for a client's group that applies decides. Without"
                        + " any rule everybody may everything; with rules, what none allows is refused. group is a device"
                        + " group, * (default) for all or anonymous; effect allow (default) or deny; scope publish,"
                        + " subscribe or all (default); in filter %c, %u and %g stand for client identifier, device id"
                        + " and group.");
        for (String line : List.of(
                "#access:",
                "#  - group: sensors",
                "#    effect: allow",
                "#    scope: publish",
                "#    filter: plant/%u/#",
                "#  - effect: deny",
                "#    filter: secret/#")) {
            out.append("  ").append(line).append('\n');
        }
    }

    private static void acks(StringBuilder out) {
        comment(
                out,
                1,
                "When messages are acknowledged, by topic; the first filter that matches decides, before the listener's"
                        + " ack-level: memory (once read; a crash loses them; QoS 1 only), spool (on disk here) or kafka"
                        + " (committed there).");
        for (String line : List.of("#ack:", "#  - filter: plant/safety/#", "#    level: kafka")) {
            out.append("  ").append(line).append('\n');
        }
    }

    private static void certificates(StringBuilder out) {
        comment(out, 1, "Which device a client certificate stands for: SHA-256 fingerprint and device id.");
        for (String line : List.of("#certificates:", "#  - fingerprint: 3f5a…", "#    device: oven-1")) {
            out.append("  ").append(line).append('\n');
        }
    }

    private static void bridges(StringBuilder out) {
        comment(
                out,
                1,
                "Existing brokers that are sources. uri begins with tcp, ssl, ws or wss; version 5 (default) or 3.1.1;"
                        + " filters may be shared ($share/GROUP/FILTER) with version 5; device is a topic filter whose"
                        + " level {device} names the device, without it every message is the bridge's own; client-id is"
                        + " gateway id and name unless said. The password may stand in a file (password-file); authorities,"
                        + " certificate and key are PEM files for ssl and wss.");
        for (String line : List.of(
                "#bridge:",
                "#  - name: plant",
                "#    uri: ssl://broker.plant:8883",
                "#    version: 5",
                "#    client-id: gateway-1-plant",
                "#    user: waymark",
                "#    password: change me",
                "#    filters: [plant/#]",
                "#    qos: 1",
                "#    device: plant/{device}/#",
                "#    session-expiry: 7d",
                "#    in-flight-max: 1000",
                "#    keep-alive: 30s",
                "#    retained: true",
                "#    reconnect-max: 30s")) {
            out.append("  ").append(line).append('\n');
        }
    }

    private static void clientSettings(StringBuilder out) {
        comment(out, 1, "Passed to every Kafka client as they are, for TLS and SASL.");
        out.append("  #client:\n  #  security.protocol: SASL_SSL\n");
    }

    /** Wraps at blanks. */
    private static void comment(StringBuilder out, int depth, String text) {
        String indent = "  ".repeat(depth) + "# ";
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH && line.length() > indent.length()) {
                out.append(line.toString().stripTrailing()).append('\n');
                line.setLength(0);
                line.append(indent);
            }
            line.append(word).append(' ');
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
