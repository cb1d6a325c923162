package io.waymark.gateway.ingest;

/**
 * A request that brought something and was refused.
 *
 * @param deviceId whose it was to be
 * @param group under which it would have been counted
 * @param topic where it was to go, as far as known
 * @param contentType of the body, empty if not said
 * @param contentEncoding of the body, empty for none
 * @param body as it came
 */
public record RefusedRequest(
        String deviceId, String group, String topic, String contentType, String contentEncoding, byte[] body) {}
