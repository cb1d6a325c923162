package io.waymark.trace.topology;

import java.util.List;

/**
 * The topics read and written.
 *
 * @param telemetry device messages
 * @param observations decoded readings
 * @param events EPCIS events
 * @param rejected what was not understood
 */
public record TopicNames(String telemetry, String observations, String events, String rejected) {
    /** All of them; they must exist before the streams start. */
    public List<String> all() {
        return List.of(telemetry, observations, events, rejected);
    }
}
