package io.waymark.platform.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The list {@code gateway.certificates}: which device a client certificate stands for, by fingerprint. */
final class CertificateList {
    /** Fields of one entry. */
    static final Set<String> FIELDS = Set.of("fingerprint", "device");

    private CertificateList() {}

    /** Device id by SHA-256 fingerprint in lower-case digits. */
    static Map<String, String> read(SettingReader reader) {
        Map<String, String> devices = new HashMap<>();
        List<Map<String, String>> entries = reader.list(Settings.CERTIFICATES);
        for (int i = 0; i < entries.size(); i++) {
            String key = Settings.CERTIFICATES + "[" + i + "]";
            String said = entries.get(i).getOrDefault("fingerprint", "");
            String print = said.replace(":", "").toLowerCase(Locale.ROOT);
            String device = entries.get(i).getOrDefault("device", "");
            if (!print.matches("[0-9a-f]{64}")) {
                reader.problem(
                        key + ".fingerprint", "must be the SHA-256 in 64 hexadecimal digits but was \"" + said + "\"");
            } else if (device.isEmpty()) {
                reader.problem(key + " needs device");
            } else {
                devices.put(print, device);
            }
        }
        return devices;
    }
}
