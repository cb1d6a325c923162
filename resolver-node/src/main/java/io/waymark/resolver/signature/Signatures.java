package io.waymark.resolver.signature;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.Decision;
import io.waymark.resolver.admin.Edits;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.storage.record.Author;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Signs records with the node's key, and verifies signatures. The node's key stands in the prefix handle, at {@code
 * 300:0.NA/PREFIX} or the next free index, beside a certificate in which it says so itself. Both are put there when the
 * first record of the prefix is signed, so that a stranger finds whose key it was; when the node's key is another one day,
 * it is put beside the old one, by which old signatures are still verified.
 *
 * <p>Safe for any thread; verifying reads the store and calculates, so not on event loops.
 */
public final class Signatures {
    /** How long a signature holds unless asked otherwise. */
    public static final Duration LIFE = Duration.ofDays(366);
    /** The longest life. */
    public static final Duration LIFE_MAX = Duration.ofDays(3660);

    private static final int KEY_INDEX = 300;
    private static final String KEY_TYPE = "HS_PUBKEY";

    /** Decides in the record's turn whether the caller may sign it: why not, or empty. */
    @FunctionalInterface
    public interface Guard {
        /** Judges by what the record holds now. */
        Optional<Outcome.Refused> refusal(List<HandleValue> current);
    }

    /**
     * What shall be signed.
     *
     * @param handle the record
     * @param indexes of its values; none = all that anybody may read, but signatures
     * @param life how long it shall hold, a second … {@link #LIFE_MAX}
     */
    public record Wish(Handle handle, Set<Integer> indexes, Duration life) {
        /** Copies the set and refuses other lives. */
        public Wish {
            indexes = Set.copyOf(indexes);
            if (life.toSeconds() < 1 || life.compareTo(LIFE_MAX) > 0) {
                throw new IllegalArgumentException("a signature must hold at most " + LIFE_MAX + " but was " + life);
            }
        }
    }

    private final Registrar registrar;
    private final Function<Handle, Optional<List<HandleValue>>> records;
    private final Executor workers;
    private final byte[] publicKey;
    private final RecordSigner signer;
    private final SignatureVerifier verifier;

    /**
     * @param registrar writes signatures
     * @param records as stored
     * @param key signs
     * @param workers calculate signatures
     */
    public Signatures(
            Registrar registrar, Function<Handle, Optional<List<HandleValue>>> records, NodeKey key, Executor workers) {
        this.registrar = registrar;
        this.records = records;
        this.workers = workers;
        this.publicKey = key.publicKey();
        this.signer = new RecordSigner(key.keyPair());
        this.verifier = new SignatureVerifier(records);
    }

    /** Judges the signatures of a record; empty if there is no such record. */
    public Optional<List<SignatureReport>> verify(Handle handle) {
        return records.apply(handle).map(values -> verify(handle, values));
    }

    /** Judges the signatures among values that were read already. */
    public List<SignatureReport> verify(Handle handle, List<HandleValue> values) {
        return verifier.verify(handle, values, registrar.nowSeconds());
    }

    /**
     * Signs a record, in place of the signature this key made of it before.
     *
     * @param author who the history says asked for it
     * @return completes on the store's or a worker's thread; {@link Outcome.Replaced} when the signature is on disk;
     *     exceptionally with {@link java.util.concurrent.RejectedExecutionException} when the workers are busy
     */
    public CompletableFuture<Outcome> sign(Wish wish, Author author, Guard guard) {
        Registrar his = registrar.by(author);
        Handle signing = Homing.isPrefixHandle(wish.handle())
                ? wish.handle()
                : wish.handle().prefixHandle();
        return CompletableFuture.supplyAsync(() -> refusal(wish, records.apply(wish.handle()), guard), workers)
                .thenComposeAsync(
                        refused -> refused.<CompletableFuture<Outcome>>map(CompletableFuture::completedFuture)
                                .orElseGet(() -> registrar.change(signing, now -> publishKey(signing, now))),
                        workers)
                .thenComposeAsync(
                        outcome -> outcome.kind() == Outcome.Kind.REFUSED
                                ? CompletableFuture.completedFuture(outcome)
                                : his.change(wish.handle(), now -> sign(wish, signing, now, guard)),
                        workers);
    }

    private Optional<Outcome> refusal(Wish wish, Optional<List<HandleValue>> current, Guard guard) {
        return current.isEmpty()
                ? Optional.of(registrar.decideDelete(wish.handle(), false).outcome()) // not found, or not homed
                : guard.refusal(current.get()).map(Outcome.class::cast);
    }

    // --- decisions

    private Decision publishKey(Handle prefixHandle, Optional<List<HandleValue>> current) {
        if (current.isEmpty()) {
            return Decision.refuse(
                    ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix " + prefixHandle.suffix() + " does not live here");
        }
        List<HandleValue> values = new ArrayList<>(current.get());
        List<HandleValue> added = new ArrayList<>();
        ValueReference issuer =
                new ValueReference(prefixHandle.text(), keyIndex(values).orElseGet(() -> freeKeyIndex(current.get())));
        if (keyIndex(values).isEmpty()) {
            added.add(HandleValue.of(issuer.index(), KEY_TYPE, publicKey, registrar.nowSeconds()));
        }
        values.addAll(added);
        if (!RecordSigner.hasCertificate(values, issuer, registrar.nowSeconds() + LIFE.toSeconds())) {
            added.add(signer.certificate(values, issuer, registrar.nowSeconds(), LIFE_MAX));
        }
        return added.isEmpty()
                ? new Decision(List.of(), new Outcome.Replaced(prefixHandle))
                : Edits.add(registrar.rules(), prefixHandle, current, added, false, registrar.nowSeconds());
    }

    private Decision sign(Wish wish, Handle signing, Optional<List<HandleValue>> current, Guard guard) {
        Optional<Outcome> refused = refusal(wish, current, guard);
        if (refused.isPresent()) {
            return new Decision(List.of(), refused.get());
        }
        OptionalInt key = keyIndex(records.apply(signing).orElse(List.of()));
        if (key.isEmpty()) {
            return Decision.refuse(ResponseCode.ERROR, "the key was removed from " + signing.text() + " just now");
        }
        List<HandleValue> signed = chosen(wish, current.orElseThrow());
        if (signed.isEmpty()
                || (!wish.indexes().isEmpty() && signed.size() < wish.indexes().size())) {
            return Decision.refuse(
                    ResponseCode.INVALID_VALUE, "only values that anybody may read are signed, and no signatures");
        }
        HandleValue signature = signer.signature(
                wish.handle(),
                current.get(),
                signed,
                new ValueReference(signing.text(), key.getAsInt()),
                registrar.nowSeconds(),
                wish.life());
        return Edits.add(registrar.rules(), wish.handle(), current, List.of(signature), true, registrar.nowSeconds());
    }

    private static List<HandleValue> chosen(Wish wish, List<HandleValue> values) {
        return values.stream()
                .filter(v -> v.isPublic() && !SignatureVerifier.isSignature(v))
                .filter(v -> wish.indexes().isEmpty() || wish.indexes().contains(v.index()))
                .toList();
    }

    private OptionalInt keyIndex(List<HandleValue> prefixValues) {
        return prefixValues.stream()
                .filter(v -> v.isPublic()
                        && Handle.foldAscii(v.type()).equals(KEY_TYPE)
                        && Arrays.equals(v.data(), publicKey))
                .mapToInt(HandleValue::index)
                .min();
    }

    private static int freeKeyIndex(List<HandleValue> values) {
        int index = KEY_INDEX;
        while (RecordSigner.isTaken(values, index)) {
            index++;
        }
        return index;
    }
}
