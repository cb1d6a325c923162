package io.waymark.gateway.access;

import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import org.jspecify.annotations.Nullable;

/** Told of every change once it is durable, on the thread that made it, in order; must not take long. */
public interface RegistryListener {
    /** What the device is now; null = deleted. */
    void changed(String id, @Nullable Device now);

    /** What the group is now; null = deleted, its devices are where the settings have them. */
    void groupChanged(String name, @Nullable DeviceGroup now);
}
