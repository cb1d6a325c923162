package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.AdminProtocol.Answer;
import io.waymark.resolver.admin.AdminProtocol.Answers;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.RequestDigest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Challenges clients, judges their proofs, and then has done what they asked for. Safe for any thread. */
final class Challenger {
    private final Administration administration;
    private final Authenticator authenticator;
    private final Pending pending;
    private final Proofs proofs;
    private final LongSupplier nanoClock;

    Challenger(
            Administration administration,
            Authenticator authenticator,
            Pending pending,
            Proofs proofs,
            LongSupplier nanoClock) {
        this.administration = administration;
        this.authenticator = authenticator;
        this.pending = pending;
        this.proofs = proofs;
        this.nanoClock = nanoClock;
    }

    CompletableFuture<Answer> challenge(RequestMessage message, Optional<Session> session, Origin origin) {
        Pending.Challenge challenge = pending.challenge(message, session, origin.address(), nanoClock.getAsLong());
        Response response = new Response.Challenge(challenge.id(), challenge.nonce());
        return CompletableFuture.completedFuture(
                Answers.of(message, message.header().opCode(), challenge.id(), session, Optional.of(response)));
    }

    CompletableFuture<Answer> answered(
            RequestMessage message, Optional<Pending.Challenge> taken, Optional<Session> session) {
        if (taken.isEmpty()) {
            return Answers.now(message, session, tooLate());
        }
        Pending.Challenge challenge = taken.get();
        return judge(message, challenge).thenCompose(verdict -> {
            if (verdict.code() != ResponseCode.SUCCESS) {
                return CompletableFuture.completedFuture(
                        to(message, challenge.original(), session, refusal(message, verdict)));
            }
            session.filter(s -> covers(s.claimed(), verdict.identity()))
                    .ifPresent(s -> pending.prove(s, verdict.identity(), nanoClock.getAsLong()));
            return carryOut(message, challenge.original(), verdict.identity(), session);
        });
    }

    CompletableFuture<Authenticator.Verdict> judge(RequestMessage message, Pending.Challenge challenge) {
        Request.ChallengeAnswer proof = (Request.ChallengeAnswer) message.request();
        ValueReference claimed = new ValueReference(proof.userHandle(), proof.userIndex());
        return authenticator
                .keyRecord(claimed, proof.authenticationType(), challenge.source())
                .thenCompose(record -> proofs.compute(
                        challenge.source(), () -> authenticator.judge(proof, provenInput(challenge), record)));
    }

    CompletableFuture<Answer> verify(RequestMessage message, Request.VerifyChallenge request, Origin origin) {
        return proofs.compute(origin.address(), () -> Answers.to(message, verified(request)));
    }

    private Response verified(Request.VerifyChallenge request) {
        Optional<List<HandleValue>> record =
                authenticator.recordHere(new ValueReference(request.userHandle(), request.userIndex()));
        if (record.isEmpty()) {
            return Answers.failure(
                    ResponseCode.SERVER_NOT_RESPONSIBLE, "handle " + request.userHandle() + " does not live here");
        }
        Request.ChallengeAnswer proof = new Request.ChallengeAnswer(
                Authenticator.SECRET_KEY, request.userHandle(), request.userIndex(), request.answer());
        byte[] input = joined(request.nonce(), request.requestDigest());
        return new Response.Verified(authenticator.judge(proof, input, record).code() == ResponseCode.SUCCESS);
    }

    /** The answer is to the message, though what is carried out may be an earlier one. */
    CompletableFuture<Answer> carryOut(
            RequestMessage message, RequestMessage wanted, ValueReference identity, Optional<Session> session) {
        return administration.carryOut(wanted, identity).thenApply(response -> to(message, wanted, session, response));
    }

    private static Answer to(
            RequestMessage message, RequestMessage wanted, Optional<Session> session, Response response) {
        return Answers.of(
                message, wanted.header().opCode(), message.envelope().sessionId(), session, Optional.of(response));
    }

    static Response tooLate() {
        return Answers.failure(
                ResponseCode.AUTHENTICATION_TIMEOUT, "the challenge is too old, or was answered already");
    }

    static Response refusal(RequestMessage message, Authenticator.Verdict verdict) {
        Request.ChallengeAnswer proof = (Request.ChallengeAnswer) message.request();
        return Answers.failure(
                verdict.code(),
                "the proof for " + proof.userIndex() + ':' + proof.userHandle()
                        + " is wrong or cannot be checked here");
    }

    /** Whether who proved something is who was claimed; index 0 claims any key of the handle. */
    static boolean covers(ValueReference claimed, ValueReference proven) {
        return (claimed.index() == 0 || claimed.index() == proven.index())
                && Handle.foldAscii(claimed.handle()).equals(Handle.foldAscii(proven.handle()));
    }

    private static byte[] provenInput(Pending.Challenge challenge) {
        byte[] prefix = RequestDigest.prefix(
                challenge.original().answerVersion(), challenge.original().headerAndBody());
        return joined(challenge.nonce(), java.util.Arrays.copyOfRange(prefix, 1, prefix.length));
    }

    private static byte[] joined(byte[] nonce, byte[] digest) {
        return ByteBuffer.allocate(nonce.length + digest.length)
                .put(nonce)
                .put(digest)
                .array();
    }
}
