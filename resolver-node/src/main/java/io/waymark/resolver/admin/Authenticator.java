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
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * Checks who a client is, against keys in records that live here. Keys of other prefixes are not fetched. A wrong proof for a
 * key that exists and any proof for one that does not end alike and take alike long, so that nobody learns by trying which
 * secret keys there are.
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

    static final String SECRET_KEY = "HS_SECKEY";
    private static final String PUBLIC_KEY = "HS_PUBKEY";
    /** Of a handle's public keys, as many are tried. */
    private static final int KEYS_MAX = 8;

    private static final int DECOY_BYTES = 32;

    private final RecordStore records;
    private final Homing homing;
    private final byte[] decoy = new byte[DECOY_BYTES];

    /**
     * @param records holds the keys
     * @param homing which prefixes live here
     */
    public Authenticator(RecordStore records, Homing homing) {
        this.records = records;
        this.homing = homing;
        new SecureRandom().nextBytes(decoy);
    }

    /**
     * Judges the answer to a challenge. Takes tens of milliseconds: not for an event loop.
     *
     * @param input nonce and digest of the request challenged
     * @return AUTHENTICATION_FAILED if the proof is wrong, INVALID_CREDENTIAL if it is of no kind known here or the key
     *     does not live here
     */
    public Verdict judge(Request.ChallengeAnswer answer, byte[] input) {
        ValueReference claimed = new ValueReference(answer.userHandle(), answer.userIndex());
        if (!knows(claimed.handle())) {
            return new Verdict(ResponseCode.INVALID_CREDENTIAL, claimed);
        }
        return switch (answer.authenticationType()) {
            case SECRET_KEY -> judgeSecret(claimed, answer.answer(), input);
            case PUBLIC_KEY -> judgeSignature(claimed, answer.answer(), input);
            default -> new Verdict(ResponseCode.INVALID_CREDENTIAL, claimed);
        };
    }

    /** Whether the handle's keys would be here, if it had any. */
    boolean knows(String name) {
        try {
            Handle handle = Resolver.parse(name);
            return records.find(handle).isPresent() || homing.livesHere(handle);
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    private Verdict judgeSecret(ValueReference claimed, byte[] proof, byte[] input) {
        byte[] secret = keys(claimed, SECRET_KEY).stream()
                .map(HandleValue::data)
                .filter(data -> data.length > 0)
                .findFirst()
                .orElse(decoy);
        return new Verdict(SecretKeyProof.judge(proof, secret, input), claimed);
    }

    private Verdict judgeSignature(ValueReference claimed, byte[] proof, byte[] input) {
        ResponseCode worst = ResponseCode.AUTHENTICATION_FAILED;
        for (HandleValue key : keys(claimed, PUBLIC_KEY)) {
            ResponseCode code = PublicKeyProof.judge(proof, key.data(), input, claimed.handle());
            if (code == ResponseCode.SUCCESS) {
                return new Verdict(code, new ValueReference(claimed.handle(), key.index()));
            }
            worst = code;
        }
        return new Verdict(worst, claimed);
    }

    /** The key named; with index 0, any public key of the handle. */
    private List<HandleValue> keys(ValueReference identity, String type) {
        boolean any = identity.index() == 0 && type.equals(PUBLIC_KEY);
        return record(identity).orElse(List.of()).stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(type) && (any || v.index() == identity.index()))
                .limit(KEYS_MAX)
                .toList();
    }

    private Optional<List<HandleValue>> record(ValueReference identity) {
        try {
            return records.find(Resolver.parse(identity.handle()));
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }
}
