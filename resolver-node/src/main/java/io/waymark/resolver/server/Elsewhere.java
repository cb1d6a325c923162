package io.waymark.resolver.server;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.resolve.Resolver;
import java.util.Optional;

/** Which requests to administer a handle another node must be asked, because its prefix is delegated. */
final class Elsewhere {
    private final Resolver resolver;

    Elsewhere(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The referral; empty if the request is for this node, or of another kind. */
    Optional<Response.Referral> of(Request request) {
        try {
            return delegation(request).map(Delegation::referral);
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }

    private Optional<Delegation> delegation(Request request) throws MalformedIdentifierException {
        return switch (request.kind()) {
            case WRITE_VALUES -> resolver.elsewhere(Handle.parse(((Request.WriteValues) request).handle()));
            case REMOVE_VALUES -> resolver.elsewhere(Handle.parse(((Request.RemoveValues) request).handle()));
            case NAME_OPERATION -> delegation((Request.NameOperation) request);
            case RESOLUTION,
                    GET_SITE_INFO,
                    CHALLENGE_ANSWER,
                    VERIFY_CHALLENGE,
                    SESSION_SETUP,
                    KEY_EXCHANGE,
                    LOGIN,
                    UNSUPPORTED -> Optional.empty();
        };
    }

    private Optional<Delegation> delegation(Request.NameOperation request) throws MalformedIdentifierException {
        if (request.opCode() == OpCode.DELETE_HANDLE) {
            return resolver.elsewhere(Handle.parse(request.name()));
        }
        return request.opCode() == OpCode.LIST_HANDLES
                ? resolver.elsewhereUnder(Resolver.parse(request.name()))
                : Optional.empty();
    }
}
