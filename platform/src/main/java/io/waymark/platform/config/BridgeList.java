package io.waymark.platform.config;

import io.waymark.gateway.bridge.BridgeConfig;
import io.waymark.gateway.bridge.DeviceTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The list {@code gateway.bridge}: existing brokers that are sources. */
final class BridgeList {
    /** Fields of one entry. */
    static final Set<String> FIELDS = Set.of(
            "name",
            "uri",
            "version",
            "client-id",
            "user",
            "password",
            "password-file",
            "authorities",
            "certificate",
            "key",
            "filters",
            "qos",
            "session-expiry",
            "in-flight-max",
            "keep-alive",
            "retained",
            "device",
            "reconnect-max");

    private static final int PASSWORD_BYTES_MAX = 65_535;

    private BridgeList() {}

    static List<BridgeConfig> read(SettingReader reader, String gatewayId) {
        List<BridgeConfig> bridges = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Map<String, String>> entries = reader.list(Settings.BRIDGES);
        for (int i = 0; i < entries.size(); i++) {
            String key = Settings.BRIDGES + "[" + i + "]";
            try {
                BridgeConfig bridge = new Entry(key, entries.get(i), gatewayId).read();
                bridges.add(bridge);
                if (!names.add(bridge.name())) {
                    reader.problem(key + ".name", "must differ from those before but was " + bridge.name());
                }
            } catch (BadFieldException e) {
                reader.problem(key + "." + e.field, e.problem);
            } catch (IllegalArgumentException e) {
                reader.problem(key + ": " + e.getMessage());
            }
        }
        return bridges;
    }

    /** One field that cannot be read. */
    private static final class BadFieldException extends Exception {
        private static final long serialVersionUID = 1;

        private final String field;
        private final String problem;

        BadFieldException(String field, String problem) {
            super(problem, null, false, false);
            this.field = field;
            this.problem = problem;
        }
    }

    private record Entry(String key, Map<String, String> fields, String gatewayId) {
        BridgeConfig read() throws BadFieldException {
            String name = text("name", "");
            return new BridgeConfig(
                    name,
                    uri(),
                    protocol(),
                    text("client-id", gatewayId + "-" + name),
                    login(),
                    new BridgeConfig.Tls(file("authorities"), file("certificate"), file("key")),
                    filters(),
                    value("qos", "1", ValueType.integer(0, 2)),
                    value("session-expiry", "7d", ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(49_710))),
                    value("in-flight-max", "1000", ValueType.integer(1, 65_535)),
                    value("keep-alive", "30s", ValueType.duration(Duration.ofSeconds(1), Duration.ofSeconds(65_535))),
                    value("retained", "true", ValueType.bool()),
                    DeviceTemplate.of(text("device", "")),
                    value("reconnect-max", "30s", ValueType.duration(Duration.ofMillis(1), Duration.ofHours(1))));
        }

        private String text(String field, String otherwise) {
            return fields.getOrDefault(field, otherwise);
        }

        private <T> T value(String field, String otherwise, ValueType<T> type) throws BadFieldException {
            String text = text(field, otherwise);
            try {
                return type.parse(text);
            } catch (BadValueException e) {
                throw new BadFieldException(field, e.getMessage() + " but was \"" + text + "\"");
            }
        }

        private URI uri() throws BadFieldException {
            try {
                return new URI(text("uri", ""));
            } catch (URISyntaxException e) {
                throw new BadFieldException("uri", "must be an address such as tcp://host:1883");
            }
        }

        private BridgeConfig.Protocol protocol() throws BadFieldException {
            String said = text("version", "5");
            return switch (said) {
                case "3.1.1" -> BridgeConfig.Protocol.MQTT_3_1_1;
                case "5", "5.0" -> BridgeConfig.Protocol.MQTT_5;
                default -> throw new BadFieldException("version", "must be 3.1.1 or 5 but was \"" + said + "\"");
            };
        }

        private Optional<BridgeConfig.Login> login() throws BadFieldException {
            String user = text("user", "");
            boolean inFile = fields.containsKey("password-file");
            if (user.isEmpty()) {
                if (inFile || fields.containsKey("password")) {
                    throw new BadFieldException(inFile ? "password-file" : "password", "needs user");
                }
                return Optional.empty();
            }
            if (inFile && fields.containsKey("password")) {
                throw new BadFieldException("password-file", "and password exclude each other");
            }
            return Optional.of(new BridgeConfig.Login(user, inFile ? passwordOfFile() : text("password", "")));
        }

        private String passwordOfFile() throws BadFieldException {
            Path file = Path.of(text("password-file", ""));
            try {
                if (Files.size(file) > PASSWORD_BYTES_MAX) {
                    throw new BadFieldException(
                            "password-file", "must name a file of at most " + PASSWORD_BYTES_MAX + " bytes: " + file);
                }
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new BadFieldException("password-file", "cannot be read: " + file);
            }
        }

        private Optional<Path> file(String field) throws BadFieldException {
            Optional<Path> file = Optional.ofNullable(fields.get(field)).map(Path::of);
            if (file.isPresent() && !Files.isReadable(file.get())) {
                throw new BadFieldException(field, "cannot be read: " + file.get());
            }
            return file;
        }

        /** Comma-separated, or the elements of a list, which come with their own commas escaped. */
        private List<String> filters() {
            List<String> filters = new ArrayList<>();
            for (String filter : text("filters", "").split("(?<!\\\\),", -1)) {
                String plain = filter.replace("\\,", ",").strip();
                if (!plain.isEmpty()) {
                    filters.add(plain);
                }
            }
            return filters;
        }
    }
}
