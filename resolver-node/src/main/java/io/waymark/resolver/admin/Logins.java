package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.AdminProtocol.Answer;
import io.waymark.resolver.admin.AdminProtocol.Answers;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The dialect of the Chinese identifier network's client: on a connection it keeps, it logs in under a session number of its
 * own choice and then sends requests with that number and without any credential.
 *
 * <pre>
 * LOGIN (2001), number N     → 402, number N, nonce
 * RESPONSE_TO_CHALLENGE, N   → 2001, success, empty body
 * any request, N             → answered as from whom he proved to be; never challenged again
 * </pre>
 *
 * <p>The number proves nothing: it counts only on the connection it was proven on. Safe for any thread.
 */
final class Logins {
    private final Administration administration;
    private final Challenger challenger;
    private final Pending pending;
    private final LongSupplier nanoClock;

    Logins(Administration administration, Challenger challenger, Pending pending, LongSupplier nanoClock) {
        this.administration = administration;
        this.challenger = challenger;
        this.pending = pending;
        this.nanoClock = nanoClock;
    }

    boolean concerns(RequestMessage message, Origin origin) {
        return message.request().kind() == Request.Kind.LOGIN
                || origin.login(message.envelope().sessionId()).isPresent();
    }

    CompletableFuture<Answer> answer(RequestMessage message, Origin origin) {
        if (message.request().kind() == Request.Kind.LOGIN) {
            return logIn(message, (Request.Login) message.request(), origin);
        }
        Login login = origin.login(message.envelope().sessionId()).orElseThrow();
        if (message.request().kind() == Request.Kind.CHALLENGE_ANSWER) {
            return proven(message, login, origin);
        }
        if (AdminProtocol.isTermination(message.request())) {
            origin.logOut();
            return Answers.now(message, new Response.Done("", false));
        }
        return loggedIn(message, login, origin);
    }

    private CompletableFuture<Answer> logIn(RequestMessage message, Request.Login request, Origin origin) {
        if (!origin.isLasting()) {
            return Answers.now(
                    message,
                    Answers.failure(
                            ResponseCode.OPERATION_NOT_SUPPORTED, "a login needs a TCP connection that is kept"));
        }
        int chosen = message.envelope().sessionId();
        Pending.Challenge challenge = pending.unkept(
                chosen == 0 ? pending.freshId() : chosen,
                message,
                Optional.empty(),
                origin.address(),
                nanoClock.getAsLong());
        origin.logIn(new Login(challenge, new ValueReference(request.identityHandle(), request.identityIndex())));
        return CompletableFuture.completedFuture(Answers.withSession(
                message, challenge.id(), new Response.Challenge(challenge.id(), challenge.nonce())));
    }

    private CompletableFuture<Answer> proven(RequestMessage message, Login login, Origin origin) {
        Optional<Pending.Challenge> challenge = login.take(nanoClock.getAsLong());
        if (challenge.isEmpty()) {
            return Answers.now(message, Challenger.tooLate());
        }
        return challenger.judge(message, challenge.get()).thenApply(verdict -> {
            boolean isHim =
                    verdict.code() == ResponseCode.SUCCESS && Challenger.covers(login.claimed(), verdict.identity());
            if (isHim) {
                login.prove(verdict.identity());
            } else {
                origin.logOut(login);
            }
            Authenticator.Verdict other =
                    new Authenticator.Verdict(ResponseCode.AUTHENTICATION_FAILED, verdict.identity());
            Response response = isHim
                    ? new Response.Done("", false)
                    : Challenger.refusal(message, verdict.code() == ResponseCode.SUCCESS ? other : verdict);
            return new Answer(
                    OpCode.LOGIN.code(), login.sessionId(), Optional.of(response), Optional.empty(), Optional.empty());
        });
    }

    private CompletableFuture<Answer> loggedIn(RequestMessage message, Login login, Origin origin) {
        if (login.isExpired(nanoClock.getAsLong())) {
            origin.logOut(login);
            return Answers.now(
                    message, Answers.failure(ResponseCode.SESSION_TIMEOUT, "the login is too old, log in again"));
        }
        return switch (message.request().kind()) {
            case GET_SITE_INFO -> Answers.asAnyone(message, Optional.empty());
            case RESOLUTION, WRITE_VALUES, REMOVE_VALUES, NAME_OPERATION ->
                administration.isForAnyone(message)
                        ? Answers.asAnyone(message, Optional.empty())
                        : carryOut(message, login);
            case CHALLENGE_ANSWER, VERIFY_CHALLENGE, SESSION_SETUP, KEY_EXCHANGE, LOGIN, UNSUPPORTED ->
                Answers.now(message, Answers.notOffered(message));
        };
    }

    private CompletableFuture<Answer> carryOut(RequestMessage message, Login login) {
        return login.identity()
                .map(identity -> challenger.carryOut(message, message, identity, Optional.empty()))
                .orElseGet(() -> Answers.now(
                        message,
                        Answers.failure(ResponseCode.SESSION_TIMEOUT, "the login was not proven on this connection")));
    }
}
