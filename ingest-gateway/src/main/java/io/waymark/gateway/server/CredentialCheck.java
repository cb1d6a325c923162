package io.waymark.gateway.server;

import io.waymark.gateway.access.AccessRule;
import io.waymark.gateway.access.Credential;
import io.waymark.gateway.access.ShownCertificate;
import io.waymark.gateway.access.Verdict;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.storage.device.Device;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is that sent CONNECT: by enhanced authentication, its certificate, its password, or nobody. One that is not who it
 * says is refused here. Event loop only.
 */
final class CredentialCheck {
    private final MqttHandler handler;
    private final Connect packet;
    private final Proven then;

    /** Goes on with a client whose credentials are right. */
    interface Proven {
        /**
         * @param user the device; empty for an anonymous client
         * @param last of an enhanced authentication, for CONNACK
         */
        void proven(String user, String group, Credential credential, @Nullable Auth last);
    }

    CredentialCheck(MqttHandler handler, Connect packet, Proven then) {
        this.handler = handler;
        this.packet = packet;
        this.then = then;
    }

    /**
     * Begins.
     *
     * @param shown the certificate the client has shown, if any
     * @param wanted whether the client is still there to be told
     */
    void begin(@Nullable ShownCertificate shown, BooleanSupplier wanted) {
        String user = packet.userName();
        byte[] password = packet.password();
        if (!packet.authenticationMethod().isEmpty()) {
            handler.authenticating().connect(packet, this::accepted);
        } else if (shown != null) {
            handler.server().authenticator().find(shown, this::later);
        } else if (user == null || password == null) {
            then.proven("", AccessRule.ANONYMOUS, Credential.NONE, null);
        } else {
            handler.server().authenticator().authenticate(user, password, wanted, this::later);
        }
    }

    private void later(Verdict verdict) {
        handler.loop().execute(() -> judged(verdict));
    }

    private void judged(Verdict verdict) {
        if (!handler.isOpen()) {
            return;
        }
        switch (verdict.kind()) {
            case ACCEPTED -> accepted(verdict, null);
            case WRONG -> wrong();
            case DISABLED -> handler.fail(ReasonCode.NOT_AUTHORIZED, "the device is disabled");
            case BUSY ->
                handler.fail(ReasonCode.SERVER_BUSY, "too many connects wait for their password to be checked");
            case FAILED -> handler.fail(ReasonCode.SERVER_UNAVAILABLE, "the device registry cannot be read");
        }
    }

    private void wrong() {
        if (handler.shownCertificate() == null) {
            handler.fail(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "user name or password is wrong");
        } else {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "the certificate stands for no device");
        }
    }

    private void accepted(Verdict verdict, @Nullable Auth last) {
        Device device = verdict.accepted();
        if (packet.userName() != null && !packet.userName().equals(device.id())) {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "the user name must be the device that was proved");
            return;
        }
        then.proven(device.id(), device.group(), verdict.credential(), last);
    }
}
