package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.resolver.access.Admission;
import io.waymark.resolver.access.Admission.SessionState;
import io.waymark.resolver.access.Verdict;
import io.waymark.resolver.message.ResponseCode;

/** Tells callers who are not admitted what is wrong and what else they may try. */
final class Refusals {
    private static final String BEARER = "Bearer realm=\"waymark\"";

    private final Admission admission;

    Refusals(Admission admission) {
        this.admission = admission;
    }

    WebAnswer answer(ApiCall call, Verdict.Refused refused) {
        return answer(call, refused.code(), refused.status(), "refused", refused.message());
    }

    WebAnswer answer(ApiCall call, WebFault fault) {
        return answer(call, fault.code(), fault.status(), fault.word(), fault.sentence());
    }

    private WebAnswer answer(ApiCall call, ResponseCode code, int status, String word, String message) {
        ObjectNode json = HandleJson.failureToJson(code, "", message);
        json.put("error", word);
        WebAnswer answer = call.answer(status, json);
        return switch (status) {
            case 401 -> answer.withHeader("www-authenticate", ways(call, code));
            case 429, 503 -> answer.withHeader("retry-after", status == 429 ? "60" : "1");
            default -> answer;
        };
    }

    /** Without TLS, a browser must not be told to ask its user for a secret. */
    private String ways(ApiCall call, ResponseCode code) {
        if (!call.request().connection().secure()) {
            return BEARER;
        }
        SessionState challenge = admission.challenge();
        String error = code == ResponseCode.AUTHENTICATION_FAILED ? ", error=\"authentication failed\"" : "";
        return "Basic realm=\"handle\", charset=\"UTF-8\", Handle sessionId=\"" + challenge.sessionId() + "\", nonce=\""
                + challenge.nonce() + '"' + error + ", " + BEARER;
    }
}
