package io.waymark.gateway.live;

import io.waymark.gateway.access.Credential;

/**
 * A client whose credentials were right.
 *
 * @param deviceId user name, or the client identifier of an anonymous client
 * @param group its device group, or that of anonymous clients
 * @param clientId as the client said or as assigned
 * @param credential with what it proved who it is
 * @param address peer, with port
 * @param protocol what it speaks
 * @param changes what {@link LiveDevices#changes} was before the credentials were checked
 */
public record Arrival(
        String deviceId,
        String group,
        String clientId,
        Credential credential,
        String address,
        String protocol,
        long changes) {
    /** Whether the device has proved who it is; else it is an anonymous client. */
    boolean isRegistered() {
        return credential.kind() != Credential.Kind.NONE;
    }
}
