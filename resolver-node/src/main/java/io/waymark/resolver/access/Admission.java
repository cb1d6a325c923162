package io.waymark.resolver.access;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.Authenticator;
import io.waymark.resolver.admin.Proofs;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks who sends a web request.
 *
 * <p>Keys, proofs and sessions are taken over TLS only; the operator's token everywhere. Wrong proofs are answered alike
 * whether or not there is such a key, and slowed down. Proofs are checked by the same {@link Authenticator} as those of the
 * binary protocol, with the same bounds, never on the caller's thread. Safe for any thread.
 */
public final class Admission {
    /**
     * A session, or the challenge one begins with.
     *
     * @param sessionId never logged
     * @param nonce to be signed, base64
     * @param identity who it belongs to, once he has proven himself
     */
    public record SessionState(String sessionId, String nonce, Optional<ValueReference> identity) {
        @Override
        public String toString() {
            return "SessionState";
        }
    }

    private static final String WRONG = "the proof is wrong, or there is no such key here";
    private static final byte HMAC_SHA256 = 0x13;

    private final Authenticator authenticator;
    private final KeyRecords keys;
    private final Predicate<String> isOperatorToken;
    private final Proofs proofs;
    private final LongSupplier nanoClock;
    private final MeterRegistry metrics;
    private final Challenges challenges = new Challenges();
    private final WebSessions sessions = new WebSessions();
    private final GuessLimit guesses = new GuessLimit();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param records hold the keys
     * @param isOperatorToken decides in constant time
     * @param proofs run what takes long
     * @param nanoClock monotonic
     */
    public Admission(
            RecordStore records,
            Authenticator authenticator,
            Predicate<String> isOperatorToken,
            Proofs proofs,
            LongSupplier nanoClock,
            MeterRegistry metrics) {
        this.authenticator = authenticator;
        this.keys = new KeyRecords(records);
        this.isOperatorToken = isOperatorToken;
        this.proofs = proofs;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
        Gauge.builder("waymark.resolver.web.sessions", sessions, WebSessions::size)
                .description("Sessions of administrators over HTTPS, at most " + WebSessions.MAX)
                .register(metrics);
    }

    /**
     * Checks.
     *
     * @param header the request's {@code Authorization}, empty if it has none
     */
    public CompletableFuture<Verdict> judge(String header, Connection connection) {
        Authorization said;
        try {
            said = AuthorizationHeader.parse(header);
        } catch (MalformedAuthorizationException e) {
            return now(new Verdict.Refused(ResponseCode.PROTOCOL_ERROR, 400, String.valueOf(e.getMessage())));
        }
        return switch (said.kind()) {
            case NONE -> now(new Verdict.Admitted(Caller.ANYONE));
            case BEARER -> now(counted(said, bearer((Authorization.Bearer) said)));
            case BASIC, SESSION, PROOF, CERTIFICATE ->
                connection.secure() ? withKeys(said, connection) : now(counted(said, needsTls()));
        };
    }

    private Verdict bearer(Authorization.Bearer said) {
        return isOperatorToken.test(said.token())
                ? new Verdict.Admitted(Caller.OPERATOR)
                : new Verdict.Refused(ResponseCode.AUTHENTICATION_FAILED, 401, "the token is not the operator's");
    }

    private static Verdict needsTls() {
        return new Verdict.Refused(
                ResponseCode.AUTHENTICATION_NEEDED, 403, "keys, proofs and sessions are taken over HTTPS only");
    }

    /** The keys may have to be fetched from another node: nobody waits for that but whoever said he has one there. */
    private CompletableFuture<Verdict> withKeys(Authorization said, Connection connection) {
        return keyRecord(said, connection)
                .thenCompose(record -> later(connection, () -> counted(said, proven(said, connection, record))));
    }

    private CompletableFuture<Optional<List<HandleValue>>> keyRecord(Authorization said, Connection connection) {
        InetAddress source = connection.address();
        return switch (said.kind()) {
            case BASIC ->
                authenticator.keyRecord(((Authorization.Basic) said).identity(), Authenticator.SECRET_KEY, source);
            case PROOF -> {
                Authorization.Proven proven = (Authorization.Proven) said;
                yield authenticator.keyRecord(proven.identity(), proven.proof().type(), source);
            }
            case CERTIFICATE ->
                connection
                        .certificate()
                        .flatMap(CertificateProof::identity)
                        .map(identity -> authenticator.keyRecord(identity, Authenticator.PUBLIC_KEY, source))
                        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
            case SESSION, NONE, BEARER -> CompletableFuture.completedFuture(Optional.empty());
        };
    }

    private Verdict proven(Authorization said, Connection connection, Optional<List<HandleValue>> record) {
        return switch (said.kind()) {
            case BASIC -> basic((Authorization.Basic) said, connection, record);
            case SESSION -> inSession((Authorization.InSession) said);
            case PROOF -> proof((Authorization.Proven) said, connection, record);
            case CERTIFICATE -> certificate(connection, record);
            case NONE, BEARER -> throw new IllegalStateException(said.kind() + " needs no proof");
        };
    }

    // --- the ways to prove oneself

    /** The secret proves itself by an HMAC, so that it is compared as all other proofs are. */
    private Verdict basic(Authorization.Basic said, Connection connection, Optional<List<HandleValue>> record) {
        if (said.secret().length == 0) {
            return failed(said.identity(), connection);
        }
        byte[] nonce = new byte[32];
        random.nextBytes(nonce);
        byte[] mac = hmac(said.secret(), nonce);
        byte[] octets = new byte[1 + mac.length];
        octets[0] = HMAC_SHA256;
        System.arraycopy(mac, 0, octets, 1, mac.length);
        return judged(
                said.identity(), new Proof(Authenticator.SECRET_KEY, new byte[0], octets), nonce, connection, record);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private Verdict proof(Authorization.Proven said, Connection connection, Optional<List<HandleValue>> record) {
        long now = nanoClock.getAsLong();
        Optional<Challenges.Challenge> challenge = challenges.find(said.sessionId(), now);
        if (challenge.isEmpty()) {
            return sessionOver();
        }
        Verdict verdict = judged(said.identity(), said.proof(), challenge.get().nonce(), connection, record);
        if (verdict.kind() == Verdict.Kind.REFUSED) {
            return verdict;
        }
        ValueReference place = ((Verdict.Admitted) verdict).caller().identity();
        return sessions.open(challenge.get(), place, keys.digest(place), now).isPresent() ? verdict : sessionOver();
    }

    private Verdict judged(
            ValueReference identity,
            Proof proof,
            byte[] nonce,
            Connection connection,
            Optional<List<HandleValue>> record) {
        if (!guesses.mayTry(connection.address(), identity, nanoClock.getAsLong())) {
            return tooOften();
        }
        Authenticator.Verdict verdict = authenticator.judge(proof.answer(identity), proof.input(nonce), record);
        if (verdict.code() != ResponseCode.SUCCESS) {
            return failed(identity, connection);
        }
        guesses.succeeded(connection.address(), identity);
        return new Verdict.Admitted(Caller.administrator(verdict.identity()));
    }

    private Verdict certificate(Connection connection, Optional<List<HandleValue>> record) {
        Optional<X509Certificate> shown = connection.certificate();
        Optional<ValueReference> identity = shown.flatMap(CertificateProof::identity);
        if (identity.isEmpty()) {
            return new Verdict.Refused(
                    ResponseCode.AUTHENTICATION_NEEDED,
                    401,
                    shown.isEmpty()
                            ? "the connection has no client certificate"
                            : "the certificate's subject has no UID or CN such as 300:88.118.8/ADMIN");
        }
        if (!guesses.mayTry(connection.address(), identity.get(), nanoClock.getAsLong())) {
            return tooOften();
        }
        return KeyRecords.placeOf(shown.orElseThrow(), identity.get(), record.orElse(List.of()))
                .<Verdict>map(place -> new Verdict.Admitted(Caller.administrator(place)))
                .orElseGet(() -> failed(identity.get(), connection));
    }

    private Verdict failed(ValueReference identity, Connection connection) {
        guesses.failed(connection.address(), identity, nanoClock.getAsLong());
        return new Verdict.Refused(ResponseCode.AUTHENTICATION_FAILED, 401, WRONG);
    }

    private static Verdict tooOften() {
        return new Verdict.Refused(
                ResponseCode.SERVER_TOO_BUSY,
                429,
                "more than " + GuessLimit.FAILURES_MAX + " wrong proofs within a minute; wait");
    }

    private static Verdict sessionOver() {
        return new Verdict.Refused(
                ResponseCode.AUTHENTICATION_NEEDED, 401, "the session is over, or its challenge has been answered");
    }

    // --- sessions

    private Verdict inSession(Authorization.InSession said) {
        return use(said.id())
                .<Verdict>map(session -> new Verdict.Admitted(Caller.administrator(session.identity())))
                .orElseGet(Admission::sessionOver);
    }

    /** The session ends when its key is changed or removed. */
    private Optional<WebSessions.Session> use(String id) {
        long now = nanoClock.getAsLong();
        Optional<WebSessions.Session> session = sessions.use(id, now);
        if (session.isPresent()
                && !keys.digest(session.get().identity()).equals(session.get().keyDigest())) {
            sessions.close(id, now);
            return Optional.empty();
        }
        return session;
    }

    /** A challenge, which costs the node nothing to give. */
    public SessionState challenge() {
        Challenges.Challenge fresh = challenges.fresh(nanoClock.getAsLong());
        return new SessionState(fresh.sessionId(), Base64.getEncoder().encodeToString(fresh.nonce()), Optional.empty());
    }

    /** Begins a session for somebody who has proven himself by other means than a challenge. */
    public SessionState open(Caller caller) {
        long now = nanoClock.getAsLong();
        return sessions.open(challenges.fresh(now), caller.identity(), keys.digest(caller.identity()), now)
                .map(Admission::state)
                .orElseThrow(() -> new IllegalStateException("a fresh challenge has begun no session"));
    }

    /**
     * The session the header names, or the challenge one may begin with; empty if it is over. May read the disk.
     *
     * @param header the request's {@code Authorization}
     */
    public Optional<SessionState> session(String header) {
        return sessionId(header)
                .flatMap(id -> use(id).map(Admission::state)
                        .or(() -> challenges
                                .find(id, nanoClock.getAsLong())
                                .filter(c -> !sessions.isSpent(c.sessionId()))
                                .map(c -> new SessionState(
                                        c.sessionId(),
                                        Base64.getEncoder().encodeToString(c.nonce()),
                                        Optional.empty()))));
    }

    /** Ends the session the header names; whether it named one. */
    public boolean close(String header) {
        Optional<String> id = sessionId(header);
        id.ifPresent(i -> sessions.close(i, nanoClock.getAsLong()));
        return id.isPresent();
    }

    private static SessionState state(WebSessions.Session session) {
        return new SessionState(session.id(), session.nonce(), Optional.of(session.identity()));
    }

    private static Optional<String> sessionId(String header) {
        try {
            Authorization said = AuthorizationHeader.parse(header);
            return switch (said.kind()) {
                case SESSION -> Optional.of(((Authorization.InSession) said).id());
                case PROOF -> Optional.of(((Authorization.Proven) said).sessionId());
                case NONE, BEARER, BASIC, CERTIFICATE -> Optional.empty();
            };
        } catch (MalformedAuthorizationException e) {
            return Optional.empty();
        }
    }

    // --- verification for other servers

    /**
     * Whether a proof, made for another server, is right. Counts as a try of the caller.
     *
     * @param nonce that server's
     */
    public CompletableFuture<Verdict> verify(
            ValueReference identity, Proof proof, byte[] nonce, Connection connection) {
        return later(connection, () -> judged(identity, proof, nonce, connection, authenticator.recordHere(identity)));
    }

    // --- form

    private Verdict counted(Authorization said, Verdict verdict) {
        String outcome = verdict.kind() == Verdict.Kind.ADMITTED
                ? "admitted"
                : Integer.toString(((Verdict.Refused) verdict).status());
        metrics.counter(
                        "waymark.resolver.web.authentications",
                        "method",
                        said.kind().name().toLowerCase(Locale.ROOT),
                        "outcome",
                        outcome)
                .increment();
        return verdict;
    }

    private static CompletableFuture<Verdict> now(Verdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }

    private CompletableFuture<Verdict> later(Connection connection, Supplier<Verdict> work) {
        return proofs.compute(connection.address(), work).exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RejectedExecutionException) {
                return new Verdict.Refused(
                        ResponseCode.SERVER_TOO_BUSY, 503, "too many proofs wait to be checked, try again");
            }
            throw new CompletionException(cause);
        });
    }
}
