package io.waymark.gateway.command;

import io.waymark.gateway.packet.Topics;
import java.time.Duration;

/**
 * How commands are addressed and how many are kept.
 *
 * @param topic of a device's commands; {@code %u} stands for its id. A command's name is added behind a slash
 * @param expiryMax the longest a command waits
 * @param openPerDeviceMax commands not final, of one device
 * @param openMax of all devices
 * @param openBytesMax payload octets of those
 * @param payloadBytesMax of one
 * @param finishedMax final ones remembered, so that one that comes again is recognised
 * @param finishedAgeMax for how long
 * @param unknownDevices whether commands on Kafka for devices nobody knows here are answered refused; not where several gateways
 *     read the topic
 */
public record CommandLimits(
        String topic,
        Duration expiryMax,
        int openPerDeviceMax,
        int openMax,
        long openBytesMax,
        int payloadBytesMax,
        int finishedMax,
        Duration finishedAgeMax,
        boolean unknownDevices) {
    /** {@code devices/%u/commands}, a week, 100 of a device, 100,000 and 64 MiB in all, remembered for a day. */
    public static CommandLimits defaults(int payloadBytesMax) {
        return new CommandLimits(
                "devices/%u/commands",
                Duration.ofDays(7), 100, 100_000, 64L << 20, payloadBytesMax, 100_000, Duration.ofDays(1), true);
    }

    /** @throws IllegalArgumentException if the template gives no topic of a device's own */
    void requireTopic() {
        String example = topic.replace("%u", "device");
        if (example.equals(topic) || !Topics.isName(example) || example.startsWith("$")) {
            throw new IllegalArgumentException(
                    "gateway.commands.topic must be a topic with %u in it, without wildcard, but was " + topic);
        }
    }

    String topicOf(Command command) {
        String base = topic.replace("%u", command.deviceId());
        return command.name().isEmpty() ? base : base + '/' + command.name();
    }
}
