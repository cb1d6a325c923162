package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.RequestDigest;
import io.waymark.resolver.wire.ResponseEncoder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Who asks: challenges, their answers, sessions.
 *
 * <pre>
 * outside a session:  request → 402 with a challenge → RESPONSE_TO_CHALLENGE → the request's answer
 * in a session:       SESSION_SETUP → key; every request has a MAC; the first is challenged, then the MAC is enough
 * </pre>
 *
 * <p>Takes milliseconds: not for an event loop. Safe for any thread.
 *
 * @see "RFC 3652 §3.5 and §3.6"
 */
public final class AdminProtocol {
    /**
     * An answer and how it must be written.
     *
     * @param opCode the request's, or that of the request an answered challenge set free
     * @param sessionId into the envelope
     * @param responses the messages in order
     * @param signer whoever vouches for it, if the request asked for that in a session
     */
    public record Answer(int opCode, int sessionId, List<Response> responses, Optional<ResponseEncoder.Signer> signer) {
        /** Copies the list. */
        public Answer {
            responses = List.copyOf(responses);
        }
    }

    private final Administration administration;
    private final Authenticator authenticator;
    private final Pending pending;
    private final LongSupplier nanoClock;

    /**
     * @param nanoClock monotonic
     */
    public AdminProtocol(
            Administration administration, Authenticator authenticator, Pending pending, LongSupplier nanoClock) {
        this.administration = administration;
        this.authenticator = authenticator;
        this.pending = pending;
        this.nanoClock = nanoClock;
    }

    /** Answers a request that needs to know who asks, or is about that. */
    public CompletableFuture<Answer> answer(RequestMessage message) {
        int id = message.envelope().sessionId();
        boolean answersChallenge = message.request().kind() == Request.Kind.CHALLENGE_ANSWER;
        Optional<Pending.Challenge> challenge =
                answersChallenge ? pending.take(id, nanoClock.getAsLong()) : Optional.empty();
        Optional<Session> session = challenge
                .flatMap(Pending.Challenge::session)
                .or(() -> id == 0 ? Optional.empty() : pending.session(id, nanoClock.getAsLong()));
        if (session.isEmpty()) {
            return answersChallenge ? answered(message, challenge, session) : withoutSession(message);
        }
        // the reference client does not authenticate the answer to a challenge with the session's key: its proof, over
        // a
        // nonce that only this challenge had, says more
        boolean proofIsEnough = challenge.isPresent() && message.credential().isEmpty();
        ResponseCode verdict =
                proofIsEnough ? ResponseCode.SUCCESS : session.get().take(message, nanoClock.getAsLong());
        if (verdict != ResponseCode.SUCCESS) {
            return now(
                    message,
                    Optional.empty(),
                    failure(verdict, "the message is not of this session, or was seen before"));
        }
        return answersChallenge
                ? answered(message, challenge.or(() -> pending.takeOf(session.get(), nanoClock.getAsLong())), session)
                : inSession(message, session.get());
    }

    // --- outside a session

    private CompletableFuture<Answer> withoutSession(RequestMessage message) {
        if (message.envelope().sessionId() != 0) {
            return now(
                    message, Optional.empty(), failure(ResponseCode.SESSION_TIMEOUT, "there is no such session now"));
        }
        if (message.request().kind() == Request.Kind.SESSION_SETUP) {
            return setUp(message, (Request.SessionSetup) message.request());
        }
        return Administration.offers(message.request())
                ? challenge(message, Optional.empty())
                : notOffered(message, Optional.empty());
    }

    private CompletableFuture<Answer> setUp(RequestMessage message, Request.SessionSetup request) {
        boolean possible = request.mode() == Request.SessionSetup.MODE_DIFFIE_HELLMAN
                && message.envelope().version().atLeast(ProtocolVersion.SHA256)
                && message.answerVersion().atLeast(ProtocolVersion.SHA256);
        if (!possible) {
            return now(
                    message,
                    Optional.empty(),
                    failure(ResponseCode.SESSION_FAILED, "sessions need Diffie-Hellman and protocol 2.7 or newer"));
        }
        try {
            SessionKeys.Agreement agreement = SessionKeys.agree(request.keyData());
            ValueReference claimed = new ValueReference(request.identityHandle(), request.identityIndex());
            Session session =
                    pending.open(agreement.secret(), claimed, request.timeoutSeconds(), nanoClock.getAsLong());
            Response key = new Response.SessionKey(session.id(), request.mode(), agreement.answer());
            return CompletableFuture.completedFuture(
                    new Answer(message.header().opCode(), session.id(), List.of(key), Optional.empty()));
        } catch (MalformedRecordException e) {
            return now(
                    message,
                    Optional.empty(),
                    failure(ResponseCode.INVALID_SESSION_SETUP, String.valueOf(e.getMessage())));
        }
    }

    // --- in a session

    private CompletableFuture<Answer> inSession(RequestMessage message, Session session) {
        if (isTermination(message.request())) {
            pending.close(session);
            return now(message, Optional.of(session), new Response.Done("", false));
        }
        if (!Administration.offers(message.request())) {
            return notOffered(message, Optional.of(session));
        }
        return session.authenticated()
                ? carryOut(message, message, session.claimed(), Optional.of(session))
                : challenge(message, Optional.of(session));
    }

    private static boolean isTermination(Request request) {
        return request.kind() == Request.Kind.NAME_OPERATION
                && ((Request.NameOperation) request).opCode() == OpCode.SESSION_TERMINATE;
    }

    // --- challenges

    private CompletableFuture<Answer> challenge(RequestMessage message, Optional<Session> session) {
        Pending.Challenge challenge = pending.challenge(message, session, nanoClock.getAsLong());
        Response response = new Response.Challenge(challenge.id(), challenge.nonce());
        return CompletableFuture.completedFuture(
                new Answer(message.header().opCode(), challenge.id(), List.of(response), signer(message, session)));
    }

    private CompletableFuture<Answer> answered(
            RequestMessage message, Optional<Pending.Challenge> taken, Optional<Session> session) {
        if (taken.isEmpty()) {
            return now(
                    message,
                    session,
                    failure(ResponseCode.AUTHENTICATION_TIMEOUT, "the challenge is too old, or was answered already"));
        }
        Pending.Challenge challenge = taken.get();
        Request.ChallengeAnswer proof = (Request.ChallengeAnswer) message.request();
        Authenticator.Verdict verdict = authenticator.judge(proof, provenInput(challenge));
        RequestMessage original = challenge.original();
        if (verdict.code() != ResponseCode.SUCCESS) {
            return CompletableFuture.completedFuture(new Answer(
                    original.header().opCode(),
                    message.envelope().sessionId(),
                    List.of(failure(
                            verdict.code(),
                            "the proof for " + proof.userIndex() + ':' + proof.userHandle()
                                    + " is wrong or cannot be checked here")),
                    signer(message, session)));
        }
        session.filter(s -> isSame(s.claimed(), verdict.identity())).ifPresent(Session::authenticate);
        return carryOut(message, original, verdict.identity(), session);
    }

    private static byte[] provenInput(Pending.Challenge challenge) {
        byte[] prefix = RequestDigest.prefix(
                challenge.original().answerVersion(), challenge.original().headerAndBody());
        return ByteBuffer.allocate(challenge.nonce().length + prefix.length - 1)
                .put(challenge.nonce())
                .put(prefix, 1, prefix.length - 1)
                .array();
    }

    private static boolean isSame(ValueReference a, ValueReference b) {
        return a.index() == b.index() && Handle.foldAscii(a.handle()).equals(Handle.foldAscii(b.handle()));
    }

    // --- answers

    /** The answer is to the message, though what is carried out may be an earlier one. */
    private CompletableFuture<Answer> carryOut(
            RequestMessage message, RequestMessage wanted, ValueReference identity, Optional<Session> session) {
        return administration
                .carryOut(wanted, identity)
                .thenApply(responses -> new Answer(
                        wanted.header().opCode(), message.envelope().sessionId(), responses, signer(message, session)));
    }

    private static CompletableFuture<Answer> notOffered(RequestMessage message, Optional<Session> session) {
        return now(
                message,
                session,
                failure(
                        ResponseCode.OPERATION_NOT_SUPPORTED,
                        "operation " + message.header().opCode() + " is not offered"));
    }

    private static CompletableFuture<Answer> now(RequestMessage message, Optional<Session> session, Response response) {
        return CompletableFuture.completedFuture(new Answer(
                message.header().opCode(),
                message.envelope().sessionId(),
                List.of(response),
                signer(message, session)));
    }

    private static Optional<ResponseEncoder.Signer> signer(RequestMessage message, Optional<Session> session) {
        return message.has(OpFlags.CERTIFIED) ? session.map(s -> s) : Optional.empty();
    }

    private static Response failure(ResponseCode code, String message) {
        return new Response.Failure(code, message);
    }
}
