package io.waymark.gateway.server;

import io.waymark.gateway.access.ScramExchange;
import io.waymark.gateway.access.Verdict;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * Enhanced authentication with SCRAM-SHA-256: before CONNACK, and again whenever the client wants while it is connected. Event
 * loop only.
 *
 * @see "MQTT 5.0 §4.12 Enhanced authentication"
 */
final class AuthFlow {
    /** Told when the client has proved who it is. */
    interface Proved {
        void proved(Verdict verdict, Auth last);
    }

    private final MqttHandler handler;
    private @Nullable ScramExchange exchange;
    private @Nullable Verdict verdict;
    private String method = "";
    private Proved proved = (found, last) -> {};

    AuthFlow(MqttHandler handler) {
        this.handler = handler;
    }

    /** CONNECT with an authentication method. */
    void connect(Connect packet, Proved then) {
        method = packet.authenticationMethod();
        proved = then;
        begin(packet.authenticationData(), packet.userName());
    }

    private void begin(byte[] clientFirst, @Nullable String expected) {
        ScramExchange begun = new ScramExchange();
        String who = begun.user(clientFirst);
        if (who == null) {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "authentication data must be a SCRAM client-first-message");
            return;
        }
        if (expected != null && !expected.equals(who)) {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "authentication data and user name must name the same device");
            return;
        }
        exchange = begun;
        handler.server()
                .authenticator()
                .challenge(who, begun, (found, challenge) -> handler.loop().execute(() -> send(found, challenge)));
    }

    private void send(Verdict found, byte[] challenge) {
        switch (found.kind()) {
            case BUSY ->
                handler.fail(ReasonCode.SERVER_BUSY, "too many connects wait for their password to be checked");
            case FAILED -> handler.fail(ReasonCode.SERVER_UNAVAILABLE, "the device registry cannot be read");
            case ACCEPTED, WRONG, DISABLED -> {
                verdict = found;
                handler.sendAuth(new Auth(ReasonCode.CONTINUE_AUTHENTICATION, method, challenge));
            }
        }
    }

    /** AUTH from the client. */
    void received(Auth packet, boolean connected) {
        if (method.isEmpty() || !packet.method().equals(method)) {
            handler.fail(ReasonCode.PROTOCOL_ERROR, "AUTH must have the authentication method of CONNECT");
        } else if (packet.reason() == ReasonCode.RE_AUTHENTICATE && connected && exchange == null) {
            String same = handler.connecting().session().key().deviceId();
            proved = (found, last) -> handler.sendAuth(last);
            begin(packet.data(), same);
        } else if (packet.reason() == ReasonCode.CONTINUE_AUTHENTICATION && verdict != null) {
            finish(packet.data());
        } else {
            handler.fail(ReasonCode.PROTOCOL_ERROR, "AUTH must continue what has been begun");
        }
    }

    private void finish(byte[] clientFinal) {
        ScramExchange begun = exchange;
        Verdict found = verdict;
        exchange = null;
        verdict = null;
        byte[] last = begun == null ? null : begun.finish(clientFinal);
        if (last == null || found == null || found.kind() != Verdict.Kind.ACCEPTED) {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "the device could not prove its password");
            return;
        }
        proved.proved(found, new Auth(ReasonCode.SUCCESS, method, last));
    }
}
