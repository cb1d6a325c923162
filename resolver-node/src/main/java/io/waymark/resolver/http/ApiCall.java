package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.resolver.access.Caller;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request to the API from somebody known, or nobody in particular.
 *
 * @param request as sent
 * @param query its parameters
 * @param caller who sent it
 */
record ApiCall(WebRequest request, QueryString query, Caller caller) {
    private static final String EXPOSED = "www-authenticate, location, retry-after, allow, " + AnswerSignature.FIELDS;

    /** Who must be somebody for this. */
    Caller known() throws WebFault {
        if (!caller.isKnown()) {
            throw new WebFault(
                    ResponseCode.AUTHENTICATION_NEEDED,
                    401,
                    "unauthorized",
                    "this is not for anybody: say who you are");
        }
        return caller;
    }

    /** An answer in the form the parameters ask for. */
    WebAnswer answer(int status, JsonNode json) {
        WebAnswer answer = WebAnswer.json(status, json, query.flag("pretty", false));
        return forPages(caller.isKnown() ? secret(answer) : wrapped(answer));
    }

    /** Says why not; what is not found among the values of a record is no fault in the eyes of this API. */
    WebAnswer failure(Response.Failure failure, String handle) {
        int status = failure.code() == ResponseCode.VALUES_NOT_FOUND && request.isReading()
                ? 200
                : failure.code().httpStatus();
        return answer(status, HandleJson.failureToJson(failure.code(), handle, failure.message()));
    }

    /** Any page may read it: browsers show no keys on their own to pages of other origins that ask for this. */
    static WebAnswer forPages(WebAnswer answer) {
        return answer.forAnyOrigin().withHeader("access-control-expose-headers", EXPOSED);
    }

    /** For this caller alone. */
    static WebAnswer secret(WebAnswer answer) {
        return answer.withHeader("cache-control", "no-store").withHeader("vary", "authorization");
    }

    /** The name of the function a script tag calls; scrubbed, so that it can be nothing else. */
    Optional<String> callback() {
        return query.first("callback")
                .map(name -> name.replaceAll("[^A-Za-z0-9_$]", ""))
                .filter(n -> !n.isEmpty());
    }

    /** Wraps the answer for a script tag. Only for anybody's eyes: a browser sends its user's keys along with such tags. */
    private WebAnswer wrapped(WebAnswer answer) {
        return callback()
                .map(name -> name + '(' + new String(answer.body(), StandardCharsets.UTF_8) + ");")
                .map(script -> new WebAnswer(
                        200,
                        "application/javascript;charset=UTF-8",
                        script.getBytes(StandardCharsets.UTF_8),
                        answer.headers()))
                .orElse(answer);
    }
}
