package io.waymark.gateway.live;

/**
 * A CONNECT that was not accepted. What the client said is not to be trusted.
 *
 * @param deviceId the user name it gave, else its client identifier; may be empty
 * @param clientId as the client said; may be empty
 * @param address peer, with port
 * @param protocol what it speaks
 * @param reason a reason code's word
 */
public record Refusal(String deviceId, String clientId, String address, String protocol, String reason) {}
