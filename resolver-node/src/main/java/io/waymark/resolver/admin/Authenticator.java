package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.RecordStore;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Checks who a client is, against keys in records that live here, and public keys of others that {@link ForeignKeys} brings. A
 * wrong proof for a key that exists and any proof for one that does not end alike and take alike long, so that nobody learns by
 * trying which secret keys there are.
 *
 * @see "RFC 3652 §3.5 Client Authentication"
 */
public final class Authenticator {
    /**
     * Who it is, or why that is not known.
     *
     * @param code SUCCESS if {@code identity} is proven
     * @param identity the key's place; of no meaning unless proven
     */
    public record Verdict(ResponseCode code, ValueReference identity) {}

    /** The type of a secret key's value, and of a proof with it. */
    public static final String SECRET_KEY = "HS_SECKEY";
    /** The type of a public key's value, and of a proof with it. */
    public static final String PUBLIC_KEY = "HS_PUBKEY";
    /** Of a handle's public keys, as many are tried. */
    private static final int KEYS_MAX = 8;

    private static final int DECOY_BYTES = 32;

    private final RecordStore records;
    private final Homing homing;
    private final ForeignKeys foreign;
    private final byte[] decoy = new byte[DECOY_BYTES];

    /**
     * @param records holds the keys
     * @param homing which prefixes live here
     * @param foreign brings the public keys of identities that live elsewhere
     */
    public Authenticator(RecordStore records, Homing homing, ForeignKeys foreign) {
        this.records = records;
        this.homing = homing;
        this.foreign = foreign;
        new SecureRandom().nextBytes(decoy);
    }

    /**
     * The values among which the identity's keys are: here, or, if a signature is offered, elsewhere. Reads records: not for an
     * event loop; but waits for no other node.
     *
     * @param type of the proof: {@code HS_SECKEY} or {@code HS_PUBKEY}
     * @param source who claims to be it
     * @return empty if the record does not live here and is not known from elsewhere. Never fails
     */
    public CompletableFuture<Optional<List<HandleValue>>> keyRecord(
            ValueReference claimed, String type, InetAddress source) {
        Optional<List<HandleValue>> here = recordHere(claimed);
        if (here.isPresent() || !type.equals(PUBLIC_KEY)) {
            return CompletableFuture.completedFuture(here);
        }
        try {
            return foreign.of(Resolver.parse(claimed.handle()), source)
                    .thenApply(values -> values.isEmpty() ? Optional.empty() : Optional.of(values));
        } catch (MalformedIdentifierException e) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    /** The values of a record that lives here, none if it would but does not exist; empty if it does not live here. */
    public Optional<List<HandleValue>> recordHere(ValueReference claimed) {
        try {
            Handle handle = Resolver.parse(claimed.handle());
            Optional<List<HandleValue>> found = records.find(handle);
            return found.isEmpty() && homing.livesHere(handle) ? Optional.of(List.of()) : found;
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }

    /**
     * Judges the answer to a challenge. Takes tens of milliseconds: not for an event loop.
     *
     * @param input nonce and digest of the request challenged
     * @param keyRecord of the identity claimed: {@link #keyRecord}
     * @return AUTHENTICATION_FAILED if the proof is wrong, INVALID_CREDENTIAL if it is of no kind known here or the key is
     *     not known
     */
    public Verdict judge(Request.ChallengeAnswer answer, byte[] input, Optional<List<HandleValue>> keyRecord) {
        ValueReference claimed = new ValueReference(answer.userHandle(), answer.userIndex());
        if (keyRecord.isEmpty()) {
            return new Verdict(ResponseCode.INVALID_CREDENTIAL, claimed);
        }
        return switch (answer.authenticationType()) {
            case SECRET_KEY -> judgeSecret(claimed, answer.answer(), input, keyRecord.get());
            case PUBLIC_KEY -> judgeSignature(claimed, answer.answer(), input, keyRecord.get());
            default -> new Verdict(ResponseCode.INVALID_CREDENTIAL, claimed);
        };
    }

    private Verdict judgeSecret(ValueReference claimed, byte[] proof, byte[] input, List<HandleValue> record) {
        byte[] secret = keys(claimed, SECRET_KEY, record).stream()
                .map(HandleValue::data)
                .filter(data -> data.length > 0)
                .findFirst()
                .orElse(decoy);
        return new Verdict(SecretKeyProof.judge(proof, secret, input), claimed);
    }

    private static Verdict judgeSignature(
            ValueReference claimed, byte[] proof, byte[] input, List<HandleValue> record) {
        ResponseCode worst = ResponseCode.AUTHENTICATION_FAILED;
        for (HandleValue key : keys(claimed, PUBLIC_KEY, record)) {
            ResponseCode code = PublicKeyProof.judge(proof, key.data(), input, claimed.handle());
            if (code == ResponseCode.SUCCESS) {
                return new Verdict(code, new ValueReference(claimed.handle(), key.index()));
            }
            worst = code;
        }
        return new Verdict(worst, claimed);
    }

    /** The key named; with index 0, any public key of the handle. */
    private static List<HandleValue> keys(ValueReference identity, String type, List<HandleValue> record) {
        boolean any = identity.index() == 0 && type.equals(PUBLIC_KEY);
        return record.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(type) && (any || v.index() == identity.index()))
                .limit(KEYS_MAX)
                .toList();
    }
}
