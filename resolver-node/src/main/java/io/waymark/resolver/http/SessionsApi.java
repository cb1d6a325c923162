package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.resolver.access.Admission;
import io.waymark.resolver.access.Admission.SessionState;
import io.waymark.resolver.access.Caller;
import io.waymark.resolver.access.Identities;
import io.waymark.resolver.access.Verdict;
import io.waymark.resolver.message.ResponseCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /api/sessions}: prove a key once, then name the session.
 *
 * <pre>
 * POST /api/sessions         a challenge {sessionId, nonce}; with credentials at once a session
 * PUT /api/sessions/this     with a proof over nonce ‖ cnonce: the challenge becomes a session
 * GET /api/sessions/this     what it is
 * DELETE /api/sessions/this  the end
 * </pre>
 *
 * <p>Over HTTPS only. {@code this} is the session the {@code Authorization} header names.
 */
final class SessionsApi {
    private final Admission admission;
    private final Refusals refusals;
    private final AdminCalls calls;

    SessionsApi(Admission admission, Refusals refusals, AdminCalls calls) {
        this.admission = admission;
        this.refusals = refusals;
        this.calls = calls;
    }

    CompletableFuture<WebAnswer> answer(ApiCall call, boolean isNamed) throws WebFault {
        if (!call.request().connection().secure()) {
            throw new WebFault(
                    ResponseCode.AUTHENTICATION_NEEDED, 403, "needs_https", "sessions are made over HTTPS only");
        }
        String method = call.request().method();
        String allowed = isNamed ? "GET, HEAD, PUT, DELETE, OPTIONS" : "POST, OPTIONS";
        return switch (isNamed ? method + " this" : method) {
            case "POST" -> begin(call);
            case "PUT this" -> prove(call);
            case "GET this" -> calls.later(() -> CompletableFuture.completedFuture(show(call)));
            case "DELETE this" -> CompletableFuture.completedFuture(end(call));
            default -> CompletableFuture.completedFuture(HandleApi.notAllowed(call.request(), allowed));
        };
    }

    private CompletableFuture<WebAnswer> begin(ApiCall call) {
        String header = header(call);
        return admission.judge(header, call.request().connection()).thenApply(verdict -> switch (verdict.kind()) {
            case REFUSED -> refusals.answer(call, (Verdict.Refused) verdict);
            case ADMITTED -> begun(call, header, ((Verdict.Admitted) verdict).caller());
        });
    }

    private WebAnswer begun(ApiCall call, String header, Caller caller) {
        return switch (caller.kind()) {
            case ANYONE -> state(call, 201, admission.challenge());
            case ADMINISTRATOR -> state(call, 201, admission.session(header).orElseGet(() -> admission.open(caller)));
            case OPERATOR ->
                refusals.answer(
                        call,
                        new Verdict.Refused(ResponseCode.PROTOCOL_ERROR, 400, "the operator's token needs no session"));
        };
    }

    private CompletableFuture<WebAnswer> prove(ApiCall call) {
        String header = header(call);
        return admission.judge(header, call.request().connection()).thenApply(verdict -> switch (verdict.kind()) {
            case REFUSED -> refusals.answer(call, (Verdict.Refused) verdict);
            case ADMITTED -> show(call);
        });
    }

    private WebAnswer show(ApiCall call) {
        Optional<SessionState> state = admission.session(header(call));
        return state.isPresent()
                ? state(call, 200, state.get())
                : refusals.answer(
                        call,
                        new Verdict.Refused(
                                ResponseCode.AUTHENTICATION_NEEDED,
                                401,
                                "Authorization names no session that is there: Handle sessionId=\"…\""));
    }

    private WebAnswer end(ApiCall call) {
        return admission.close(header(call)) ? ApiCall.forPages(ApiCall.secret(WebAnswer.empty(204))) : show(call);
    }

    private static String header(ApiCall call) {
        return call.request().header("authorization");
    }

    private static WebAnswer state(ApiCall call, int status, SessionState state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("sessionId", state.sessionId());
        json.put("nonce", state.nonce());
        json.put("authenticated", state.identity().isPresent());
        state.identity().ifPresent(identity -> json.put("id", Identities.text(identity)));
        WebAnswer answer = ApiCall.secret(call.answer(status, json));
        return status == 201 ? answer.withHeader("location", "/api/sessions/this") : answer;
    }
}
