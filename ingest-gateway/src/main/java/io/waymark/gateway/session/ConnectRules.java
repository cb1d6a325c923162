package io.waymark.gateway.session;

import io.waymark.gateway.access.ScramExchange;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.packet.Will;
import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT may ask for, before anyone looks at its password.
 *
 * @see "MQTT 5.0 §3.1.4 CONNECT Actions"
 */
public final class ConnectRules {
    private ConnectRules() {}

    /**
     * Why the CONNECT is refused, or null when only its credentials remain to be checked.
     *
     * @param offer what this server does
     * @param anonymousAllowed whether this peer may come without a user name
     * @param certified whether it showed a certificate, which is proof enough
     */
    public static @Nullable ReasonCode refusal(
            Connect connect, Offer offer, boolean anonymousAllowed, boolean certified) {
        boolean enhanced = !connect.authenticationMethod().isEmpty();
        if (enhanced && !connect.authenticationMethod().equals(ScramExchange.METHOD)) {
            return ReasonCode.BAD_AUTHENTICATION_METHOD;
        }
        if (connect.clientId().isEmpty()
                && (connect.version() == ProtocolVersion.MQTT_3_1
                        || (!connect.cleanStart() && !connect.version().hasProperties()))) {
            return ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
        }
        Will will = connect.will();
        ReasonCode willRefusal = will == null ? null : willRefusal(will, offer);
        if (willRefusal != null || enhanced) {
            return willRefusal;
        }
        return certified ? null : credentialsRefusal(connect, anonymousAllowed);
    }

    private static @Nullable ReasonCode willRefusal(Will will, Offer offer) {
        if (Topics.isReserved(will.topic())) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        if (will.retain() && !offer.features().retain()) {
            return ReasonCode.RETAIN_NOT_SUPPORTED;
        }
        return will.qos() > offer.qosMax() ? ReasonCode.QOS_NOT_SUPPORTED : null;
    }

    private static @Nullable ReasonCode credentialsRefusal(Connect connect, boolean anonymousAllowed) {
        String user = connect.userName();
        if (user == null && connect.password() == null) {
            return anonymousAllowed ? null : ReasonCode.NOT_AUTHORIZED;
        }
        boolean usable = user != null && connect.password() != null && !user.isEmpty() && !Topics.hasControl(user);
        return usable ? null : ReasonCode.BAD_USER_NAME_OR_PASSWORD;
    }

    /** The keep-alive the server applies; an older client cannot be told another one than it asked for. */
    public static int keepAliveSeconds(Connect connect, int maximum) {
        int asked = connect.keepAliveSeconds();
        return connect.version().hasProperties() && (asked == 0 || asked > maximum) ? maximum : asked;
    }

    /** How long the session outlives the connection. */
    public static long sessionExpirySeconds(Connect connect, long maximum) {
        return Math.min(connect.sessionExpirySeconds(), maximum);
    }
}
