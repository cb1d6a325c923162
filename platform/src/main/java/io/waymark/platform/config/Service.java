package io.waymark.platform.config;

import java.util.Locale;

/** What one process may run; the names are those of the {@code services} key. */
public enum Service {
    /** The embedded broker; left out when {@code kafka.bootstrap.servers} names a cluster. */
    KAFKA,
    /** Handle protocol and resolution over HTTP. */
    RESOLVER,
    /** MQTT in, Kafka out. */
    GATEWAY,
    /** Kafka Streams from device messages to timelines. */
    TRACE,
    /** Registry, queries, console and metrics. */
    HTTP;

    /** The name as written in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
