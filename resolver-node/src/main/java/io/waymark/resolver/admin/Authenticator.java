package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import java.util.List;
import java.util.Optional;

/**
 * Checks who a client is, against keys in records that live here. Keys of other prefixes are not fetched.
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

    private static final String SECRET_KEY = "HS_SECKEY";
    private static final String PUBLIC_KEY = "HS_PUBKEY";

    private final RecordStore records;

    /**
     * @param records holds the keys
     */
    public Authenticator(RecordStore records) {
        this.records = records;
    }

    /**
     * Judges the answer to a challenge. Takes tens of milliseconds: not for an event loop.
     *
     * @param input nonce and digest of the request challenged
     */
    public Verdict judge(Request.ChallengeAnswer answer, byte[] input) {
        ValueReference claimed = new ValueReference(answer.userHandle(), answer.userIndex());
        List<HandleValue> keys = keys(claimed, answer.authenticationType());
        ResponseCode worst = ResponseCode.INVALID_CREDENTIAL;
        for (HandleValue key : keys) {
            ResponseCode code = judge(answer, key, input);
            if (code == ResponseCode.SUCCESS) {
                return new Verdict(code, new ValueReference(claimed.handle(), key.index()));
            }
            worst = code;
        }
        return new Verdict(worst, claimed);
    }

    private static ResponseCode judge(Request.ChallengeAnswer answer, HandleValue key, byte[] input) {
        return answer.authenticationType().equals(SECRET_KEY)
                ? SecretKeyProof.judge(answer.answer(), key.data(), input)
                : PublicKeyProof.judge(answer.answer(), key.data(), input);
    }

    /** The key named; with index 0, any public key of the handle. */
    private List<HandleValue> keys(ValueReference identity, String type) {
        if (!type.equals(SECRET_KEY) && !type.equals(PUBLIC_KEY)) {
            return List.of();
        }
        boolean any = identity.index() == 0 && type.equals(PUBLIC_KEY);
        return record(identity).orElse(List.of()).stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(type) && (any || v.index() == identity.index()))
                .toList();
    }

    private Optional<List<HandleValue>> record(ValueReference identity) {
        try {
            return records.find(Handle.parse(identity.handle()));
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }
}
