package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.Topics;
import java.util.List;

/**
 * Which level of a topic names the device: a topic filter in which one level is {@code {device}}, such as
 * {@code plant/{device}/#}. A topic that does not match it, and every topic for a template without such a level, belongs to the
 * device named like the bridge.
 */
public final class DeviceTemplate {
    /** Every message belongs to the device named like the bridge. */
    public static final DeviceTemplate NONE = new DeviceTemplate("");

    private static final String DEVICE = "{device}";

    private final String text;
    private final List<String> levels;

    private DeviceTemplate(String text) {
        this.text = text;
        this.levels = text.isEmpty() ? List.of() : levels(text);
    }

    /**
     * Reads a template; empty = {@link #NONE}.
     *
     * @throws IllegalArgumentException if it is not a topic filter with exactly one level {@code {device}}
     */
    public static DeviceTemplate of(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        long devices = levels(text).stream().filter(DEVICE::equals).count();
        if (devices != 1 || Topics.isShared(text) || !Topics.isFilter(text.replace(DEVICE, "+"))) {
            throw new IllegalArgumentException(
                    "device must be a topic filter with one level {device} but was \"" + text + "\"");
        }
        return new DeviceTemplate(text);
    }

    private static List<String> levels(String topic) {
        return List.of(topic.split("/", -1));
    }

    /** The device the topic names, or the one given when it names none. */
    public String device(String topic, String otherwise) {
        List<String> said = levels(topic);
        String device = otherwise;
        for (int i = 0; i < levels.size(); i++) {
            String level = levels.get(i);
            if (level.equals("#")) {
                return device;
            }
            if (i >= said.size()) {
                return otherwise;
            }
            if (level.equals(DEVICE)) {
                device = said.get(i).isEmpty() ? otherwise : said.get(i);
            } else if (!level.equals("+") && !level.equals(said.get(i))) {
                return otherwise;
            }
        }
        return levels.size() == said.size() ? device : otherwise;
    }

    @Override
    public String toString() {
        return text;
    }
}
