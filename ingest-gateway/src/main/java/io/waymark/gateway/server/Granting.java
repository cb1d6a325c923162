package io.waymark.gateway.server;

import io.waymark.gateway.packet.AckLevel;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.session.ClientKey;
import io.waymark.gateway.session.ConnectRules;
import io.waymark.gateway.session.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What CONNACK grants a client.
 *
 * @param ackLevel of the listener
 * @param assigned whether its client identifier was made here
 * @param authentication the last word of an enhanced authentication, or null
 * @see "MQTT 5.0 §3.2.2.3 CONNACK Properties"
 */
record Granting(
        ServerSettings settings,
        Connect asked,
        Session session,
        AckLevel ackLevel,
        boolean assigned,
        @Nullable Auth authentication) {
    private static final long WORDS_BYTES = 4_096;

    /**
     * An alias holds for one connection, but there are clients (Paho 1.2.5) that send an unacknowledged message again on the next
     * one with the alias alone. Only a session that ends with its connection sends nothing again.
     */
    static int topicAliasMaximum(ServerSettings settings, Session of) {
        return of.isPersistent() ? 0 : settings.offer().topicAliasMaximum();
    }

    int keepAliveSeconds() {
        return ConnectRules.keepAliveSeconds(asked, settings.offer().keepAliveSecondsMax());
    }

    /** Null before 5.0, which has no words for it. */
    ConnAck.@Nullable Grants grants() {
        if (!asked.version().hasProperties()) {
            return null;
        }
        long expiry = session.expirySeconds();
        int keepAlive = keepAliveSeconds();
        return new ConnAck.Grants(
                settings.offer(),
                expiry == asked.sessionExpirySeconds() ? -1 : expiry,
                topicAliasMaximum(settings, session),
                assigned ? session.key().clientId() : "",
                keepAlive == asked.keepAliveSeconds() ? -1 : keepAlive,
                asked.wantsResponseInformation() ? responseInformation() : "",
                authentication,
                told());
    }

    /** Nothing to a client that takes small packets only: it must not be kept from connecting. */
    private List<String> told() {
        return asked.packetBytesMax() < WORDS_BYTES
                ? List.of()
                : settings.offer().acks().told(ackLevel);
    }

    private String responseInformation() {
        ClientKey whose = session.key();
        return settings.offer()
                .responseInformation()
                .replace("%c", whose.clientId())
                .replace("%u", whose.deviceId());
    }
}
