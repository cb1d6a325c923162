package io.waymark.platform.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The keys of one room, in the order of the documentation; filled while the room's class is initialised. */
final class SettingTable {
    /** Where a listener listens unless told otherwise. */
    static final String LOOPBACK = "127.0.0.1, ::1";

    /** Said of every key that opens a listener. */
    static final String HOSTS_NOTE =
            " Loopback only by default; another address opens it to the network. IPv6 is skipped where there is none.";

    private final List<Setting<?>> settings = new ArrayList<>();

    <T> Setting<T> add(String key, String defaultText, ValueType<T> type, String meaning) {
        Setting<T> setting = new Setting<>(key, defaultText, type, meaning);
        settings.add(setting);
        return setting;
    }

    List<Setting<?>> settings() {
        return Collections.unmodifiableList(settings);
    }
}
