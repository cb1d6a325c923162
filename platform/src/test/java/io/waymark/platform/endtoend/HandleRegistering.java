package io.waymark.platform.endtoend;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Interface;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;

/** With the reference client of the Handle System, as the prefix's administrator, over TCP. */
final class HandleRegistering extends Registering {
    private final HandleResolver client = new HandleResolver();
    private final AuthenticationInfo administrator;
    private final SiteInfo site;

    HandleRegistering(String name, long seed, SiteInfo site, String secret) {
        super(name, seed);
        this.site = site;
        this.administrator = new SecretKeyAuthenticationInfo(
                Util.encodeString(RegistrationCrashIT.PREFIX + "/ADMIN"), 300, secret.getBytes(StandardCharsets.UTF_8));
        client.getConfiguration().setAutoUpdateRootInfo(false); // else it would ask the global root
        client.setCache(null);
        client.setCertifiedCache(null);
        client.setTcpTimeout(20_000);
        client.setSessionTracker(null);
    }

    @Override
    boolean create(String handle, String text) throws Exception {
        HandleValue[] values = {value(text)};
        return send(new CreateHandleRequest(Util.encodeString(handle), values, administrator));
    }

    @Override
    boolean modify(String handle, String text) throws Exception {
        return send(new ModifyValueRequest(Util.encodeString(handle), value(text), administrator));
    }

    @Override
    boolean delete(String handle) throws Exception {
        return send(new DeleteHandleRequest(Util.encodeString(handle), administrator));
    }

    private boolean send(AbstractRequest request) throws Exception {
        AbstractResponse answer = client.sendRequestToSite(request, site, Interface.SP_HDL_TCP);
        return answer.responseCode == AbstractMessage.RC_SUCCESS || refused(request + ": " + answer);
    }

    private static HandleValue value(String text) {
        return new HandleValue(1, Util.encodeString("DESC"), Util.encodeString(text));
    }

    /** Answers that say nothing was done because the node had been another process when the change was begun. */
    static boolean isAboutTheRestart(String refusal) {
        return List.of("AUTHENTICATION TIMEOUT", "AUTHENTICATION_TIMEOUT", "RC=406").stream()
                .anyMatch(refusal.toUpperCase(java.util.Locale.ROOT)::contains);
    }
}
