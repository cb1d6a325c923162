package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.access.Admission;
import io.waymark.resolver.access.Identities;
import io.waymark.resolver.access.Proof;
import io.waymark.resolver.access.Verdict;
import io.waymark.resolver.message.ResponseCode;
import java.util.concurrent.CompletableFuture;

/**
 * {@code GET /api/verifications/{index:handle}}: whether a proof with a secret key that lives here is right, for servers that
 * were shown it. A key that does not exist proves nothing: the answer is the same as for a wrong proof.
 */
final class VerificationsApi {
    private final Admission admission;
    private final Refusals refusals;

    VerificationsApi(Admission admission, Refusals refusals) {
        this.admission = admission;
        this.refusals = refusals;
    }

    CompletableFuture<WebAnswer> verify(ApiCall call, String id) throws WebFault {
        try {
            ValueReference identity = Identities.parse(id);
            Proof proof = Proof.of("HS_SECKEY", call.query()::first);
            byte[] nonce = Proof.octets("nonce", call.query()::first);
            return admission
                    .verify(identity, proof, nonce, call.request().connection())
                    .thenApply(verdict -> answer(call, verdict));
        } catch (MalformedIdentifierException e) {
            throw WebFault.of(e);
        } catch (Proof.Wrong e) {
            throw new WebFault(400, "bad_request", String.valueOf(e.getMessage()));
        }
    }

    private WebAnswer answer(ApiCall call, Verdict verdict) {
        boolean valid = verdict.kind() == Verdict.Kind.ADMITTED;
        if (!valid && ((Verdict.Refused) verdict).status() != 401) {
            return refusals.answer(call, (Verdict.Refused) verdict);
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", ResponseCode.SUCCESS.code());
        json.put("isValid", valid);
        return call.answer(200, json);
    }
}
