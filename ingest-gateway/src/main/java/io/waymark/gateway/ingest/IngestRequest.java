package io.waymark.gateway.ingest;

import java.util.List;

/**
 * Messages of one device on one topic, in order.
 *
 * @param deviceId whose
 * @param group device group they are counted under
 * @param topic where they are published
 * @param contentType of each, empty if not known
 * @param payloads at least one; owned by the gateway from here on
 * @param key names the request among those of the device, so that it counts once however often it is sent; empty = each counts
 */
public record IngestRequest(
        String deviceId, String group, String topic, String contentType, List<byte[]> payloads, String key) {
    /** Copies the list. */
    public IngestRequest {
        payloads = List.copyOf(payloads);
    }
}
