package io.waymark.resolver.admin;

import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.ResponseEncoder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/**
 * Who asks: challenges, their answers, sessions, logins.
 *
 * <pre>
 * outside a session:  request → 402 with a challenge → RESPONSE_TO_CHALLENGE → the request's answer
 * in a session:       SESSION_SETUP → key; every request has a MAC; the first is challenged, then the MAC is enough
 * on a connection:    LOGIN → 402 → RESPONSE_TO_CHALLENGE → later requests with the login's number need no more
 * </pre>
 *
 * <p>Reads records: not for an event loop. Safe for any thread.
 *
 * @see "RFC 3652 §3.5 and §3.6"
 */
public final class AdminProtocol {
    /**
     * An answer and how it must be written.
     *
     * @param opCode the request's, or that of the request an answered challenge set free
     * @param sessionId into the envelope
     * @param response what is said; empty: whoever may ask, answer him as anybody
     * @param signer whoever vouches for it, if the request asked for that in a session
     * @param sealer whoever encrypts it, if it must be
     */
    public record Answer(
            int opCode,
            int sessionId,
            Optional<Response> response,
            Optional<ResponseEncoder.Signer> signer,
            Optional<ResponseEncoder.Sealer> sealer) {
        /** The same for another signer. */
        public Answer signedBy(ResponseEncoder.Signer other) {
            return new Answer(opCode, sessionId, response, Optional.of(other), sealer);
        }

        /** The same with this to say. */
        public Answer saying(Response other) {
            return new Answer(opCode, sessionId, Optional.of(other), signer, sealer);
        }
    }

    private final Administration administration;
    private final Challenger challenger;
    private final Logins logins;
    private final Pending pending;
    private final Proofs proofs;
    private final LongSupplier nanoClock;

    /**
     * @param proofs runs what is costly
     * @param nanoClock monotonic
     */
    public AdminProtocol(
            Administration administration,
            Authenticator authenticator,
            Pending pending,
            Proofs proofs,
            LongSupplier nanoClock) {
        this.administration = administration;
        this.challenger = new Challenger(administration, authenticator, pending, proofs, nanoClock);
        this.logins = new Logins(administration, challenger, pending, nanoClock);
        this.pending = pending;
        this.proofs = proofs;
        this.nanoClock = nanoClock;
    }

    /**
     * Decrypts what came in an envelope with the flag ENCRYPTED.
     *
     * @return header, body and credential, which prove nothing yet; empty if no session of that number can have sent it
     */
    public Optional<byte[]> open(Envelope envelope, byte[] sealed) {
        return pending.sessionOf(envelope.sessionId(), nanoClock.getAsLong()).flatMap(session -> session.open(sealed));
    }

    /** Answers a request that needs to know who asks, or is about that. */
    public CompletableFuture<Answer> answer(RequestMessage message, Origin origin) {
        return route(message, origin)
                .exceptionallyCompose(failure -> isBusy(failure)
                        ? Answers.now(message, Answers.failure(ResponseCode.SERVER_TOO_BUSY, ""))
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isBusy(Throwable failure) {
        Throwable cause = failure.getCause();
        return (failure instanceof CompletionException && cause != null ? cause : failure)
                instanceof RejectedExecutionException;
    }

    private CompletableFuture<Answer> route(RequestMessage message, Origin origin) {
        if (logins.concerns(message, origin)) {
            return logins.answer(message, origin);
        }
        int id = message.envelope().sessionId();
        boolean answersChallenge = message.request().kind() == Request.Kind.CHALLENGE_ANSWER;
        Optional<Pending.Challenge> challenge =
                answersChallenge ? pending.take(id, nanoClock.getAsLong()) : Optional.empty();
        Optional<Session> session = challenge
                .flatMap(Pending.Challenge::session)
                .or(() -> id == 0 ? Optional.empty() : pending.session(id, nanoClock.getAsLong()));
        if (session.isEmpty()) {
            return answersChallenge
                    ? challenger.answered(message, challenge, session)
                    : withoutSession(message, origin);
        }
        // the reference client does not authenticate the answer to a challenge with the session's key: its proof, over
        // a nonce that only this challenge had, says more
        boolean proofIsEnough = challenge.isPresent() && message.credential().isEmpty();
        ResponseCode verdict =
                proofIsEnough ? ResponseCode.SUCCESS : session.get().take(message, nanoClock.getAsLong());
        if (verdict != ResponseCode.SUCCESS) {
            return Answers.now(
                    message, Answers.failure(verdict, "the message is not of this session, or was seen before"));
        }
        return answersChallenge
                ? challenger.answered(
                        message, challenge.or(() -> pending.takeOf(session.get(), nanoClock.getAsLong())), session)
                : inSession(message, session.get(), origin);
    }

    // --- outside a session

    private CompletableFuture<Answer> withoutSession(RequestMessage message, Origin origin) {
        Request request = message.request();
        if (message.envelope().sessionId() != 0) {
            return Answers.now(message, Answers.failure(ResponseCode.SESSION_TIMEOUT, "there is no such session now"));
        }
        return switch (request.kind()) {
            case SESSION_SETUP -> setUp(message, (Request.SessionSetup) request, origin);
            case KEY_EXCHANGE -> Answers.now(message, onlyDiffieHellman());
            case VERIFY_CHALLENGE -> challenger.verify(message, (Request.VerifyChallenge) request, origin);
            case RESOLUTION, WRITE_VALUES, REMOVE_VALUES -> challenger.challenge(message, Optional.empty(), origin);
            case NAME_OPERATION ->
                isTermination(request)
                        ? Answers.now(
                                message, Answers.failure(ResponseCode.SESSION_TIMEOUT, "the message is of no session"))
                        : challenger.challenge(message, Optional.empty(), origin);
            case GET_SITE_INFO -> Answers.asAnyone(message, Optional.empty());
            case CHALLENGE_ANSWER, LOGIN, UNSUPPORTED -> Answers.now(message, Answers.notOffered(message));
        };
    }

    private CompletableFuture<Answer> setUp(RequestMessage message, Request.SessionSetup request, Origin origin) {
        boolean possible = request.mode() == Request.SessionSetup.MODE_DIFFIE_HELLMAN
                && message.envelope().version().atLeast(ProtocolVersion.SHA256)
                && message.answerVersion().atLeast(ProtocolVersion.SHA256);
        return possible
                ? proofs.compute(origin.address(), () -> agree(message, request, origin))
                : Answers.now(message, onlyDiffieHellman());
    }

    private Answer agree(RequestMessage message, Request.SessionSetup request, Origin origin) {
        try {
            SessionKeys.Agreement agreement = SessionKeys.agree(request.keyData());
            ValueReference claimed = new ValueReference(request.identityHandle(), request.identityIndex());
            Session session = pending.open(
                    agreement.secret(), claimed, request.timeoutSeconds(), origin.address(), nanoClock.getAsLong());
            return Answers.withSession(
                    message, session.id(), new Response.SessionKey(session.id(), request.mode(), agreement.answer()));
        } catch (MalformedRecordException e) {
            return Answers.to(
                    message, Answers.failure(ResponseCode.INVALID_SESSION_SETUP, String.valueOf(e.getMessage())));
        }
    }

    private static Response onlyDiffieHellman() {
        return Answers.failure(ResponseCode.SESSION_FAILED, "sessions need Diffie-Hellman and protocol 2.7 or newer");
    }

    // --- in a session

    private CompletableFuture<Answer> inSession(RequestMessage message, Session session, Origin origin) {
        Optional<Session> known = Optional.of(session);
        Request request = message.request();
        if (isTermination(request)) {
            pending.close(session);
            return Answers.now(message, known, new Response.Done("", false));
        }
        return switch (request.kind()) {
            case RESOLUTION, WRITE_VALUES, REMOVE_VALUES, NAME_OPERATION ->
                administration.isForAnyone(message)
                        ? Answers.asAnyone(message, known)
                        : known(message, session, origin);
            case GET_SITE_INFO -> Answers.asAnyone(message, known);
            case KEY_EXCHANGE -> Answers.now(message, known, onlyDiffieHellman());
            case VERIFY_CHALLENGE, CHALLENGE_ANSWER, SESSION_SETUP, LOGIN, UNSUPPORTED ->
                Answers.now(message, known, Answers.notOffered(message));
        };
    }

    private CompletableFuture<Answer> known(RequestMessage message, Session session, Origin origin) {
        return session.identity()
                .map(identity -> challenger.carryOut(message, message, identity, Optional.of(session)))
                .orElseGet(() -> challenger.challenge(message, Optional.of(session), origin));
    }

    static boolean isTermination(Request request) {
        return request.kind() == Request.Kind.NAME_OPERATION
                && ((Request.NameOperation) request).opCode() == OpCode.SESSION_TERMINATE;
    }

    /** Makes answers. */
    static final class Answers {
        private Answers() {}

        static Answer to(RequestMessage message, Response response) {
            return withSession(message, message.envelope().sessionId(), response);
        }

        static Answer withSession(RequestMessage message, int sessionId, Response response) {
            return new Answer(
                    message.header().opCode(), sessionId, Optional.of(response), Optional.empty(), Optional.empty());
        }

        static CompletableFuture<Answer> now(RequestMessage message, Response response) {
            return CompletableFuture.completedFuture(to(message, response));
        }

        static CompletableFuture<Answer> now(RequestMessage message, Optional<Session> session, Response response) {
            return CompletableFuture.completedFuture(of(
                    message,
                    message.header().opCode(),
                    message.envelope().sessionId(),
                    session,
                    Optional.of(response)));
        }

        static CompletableFuture<Answer> asAnyone(RequestMessage message, Optional<Session> session) {
            return CompletableFuture.completedFuture(
                    of(message, message.header().opCode(), message.envelope().sessionId(), session, Optional.empty()));
        }

        /** Signed and encrypted by the session as the message wishes. */
        static Answer of(
                RequestMessage message,
                int opCode,
                int sessionId,
                Optional<Session> session,
                Optional<Response> response) {
            Optional<Session> signer = message.has(OpFlags.CERTIFIED) ? session : Optional.empty();
            boolean seals = message.has(OpFlags.ENCRYPT) || message.envelope().has(Envelope.ENCRYPTED);
            Optional<Session> sealer = seals ? session : Optional.empty();
            return new Answer(opCode, sessionId, response, signer.map(s -> s), sealer.map(s -> s));
        }

        static Response failure(ResponseCode code, String message) {
            return new Response.Failure(code, message);
        }

        static Response notOffered(RequestMessage message) {
            return failure(
                    ResponseCode.OPERATION_NOT_SUPPORTED,
                    "operation " + message.header().opCode() + " is not offered here");
        }
    }
}
