package io.waymark.gateway.session;

/**
 * Under which a session is kept, in memory and on disk: every device has client identifiers of its own, so that one device can
 * neither take over nor read the session of another.
 *
 * @param deviceId the user name, or the client identifier of an anonymous client
 * @param clientId as the client said or as assigned
 */
public record ClientKey(String deviceId, String clientId) {
    // Neither part holds control characters, so the unit separator cannot occur in them.
    private static final char SEPARATOR = '\u001F';

    /** One string for the store. */
    public String stored() {
        return deviceId + SEPARATOR + clientId;
    }

    /**
     * The inverse of {@link #stored}.
     *
     * @throws IllegalArgumentException for a text that {@code stored} never makes
     */
    public static ClientKey ofStored(String text) {
        int at = text.indexOf(SEPARATOR);
        if (at < 0) {
            throw new IllegalArgumentException("stored client key must have a separator but was " + text);
        }
        return new ClientKey(text.substring(0, at), text.substring(at + 1));
    }
}
