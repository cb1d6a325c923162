package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Delegation;
import io.waymark.resolver.resolve.Homing;
import io.waymark.storage.record.Author;
import io.waymark.storage.record.RecordStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Records changes: reads what is, decides, writes through the record store. Changes of one record happen one after the
 * other, those of different records share the store's group commits.
 *
 * <p>Safe for any thread; futures complete once the change is durable, on the store's writer thread. They complete
 * normally with {@link Outcome.Refused} for everything a caller can do about, exceptionally when the disk fails.
 */
public final class Registrar {
    /** Index of the secret key in {@code PREFIX/ADMIN}. */
    public static final int SECRET_INDEX = 300;
    /** Index of the administrator in prefix handles and in {@code PREFIX/ADMIN}. */
    public static final int ADMIN_INDEX = 100;
    /** The longest secret, in bytes. */
    public static final int MAX_SECRET_BYTES = 1024;

    private static final int PAGE = 1000;

    /** Turns a record's content as it is now into what shall be. */
    @FunctionalInterface
    public interface Change {
        /**
         * Decides; pure.
         *
         * @param current empty if there is no such record
         */
        Decision decide(Optional<List<HandleValue>> current);
    }

    private final RecordStore records;
    private final Homing homing;
    private final RegistrationRules rules;
    private final Clock clock;
    private final BiConsumer<Handle, Outcome> witness;
    private final Turns turns;
    private final Author author;

    /** A registrar of no node in particular: a prefix that names any site is somebody else's. */
    public Registrar(RecordStore records, CodeReader codes, Clock clock) {
        this(records, new Homing(records), codes, clock, (handle, outcome) -> {});
    }

    /**
     * @param records the only place that is written
     * @param homing which handles live here
     * @param codes reads alias values
     * @param clock gives values their timestamps
     * @param witness told how each change ended, on the thread that completes it; must not block
     */
    public Registrar(
            RecordStore records, Homing homing, CodeReader codes, Clock clock, BiConsumer<Handle, Outcome> witness) {
        this(records, homing, new RegistrationRules(codes), clock, witness, new Turns(), Author.NODE);
    }

    private Registrar(
            RecordStore records,
            Homing homing,
            RegistrationRules rules,
            Clock clock,
            BiConsumer<Handle, Outcome> witness,
            Turns turns,
            Author author) {
        this.records = records;
        this.homing = homing;
        this.rules = rules;
        this.clock = clock;
        this.witness = witness;
        this.turns = turns;
        this.author = author;
    }

    /** The same registrar, whose changes are recorded as made by somebody: history and feed tell. */
    public Registrar by(Author somebody) {
        return new Registrar(records, homing, rules, clock, witness, turns, somebody);
    }

    /** What a registration may look like. */
    public RegistrationRules rules() {
        return rules;
    }

    /** The time values are stamped with, seconds since 1970 UTC. */
    public int nowSeconds() {
        return (int) (clock.millis() / 1000);
    }

    /** Gives a handle this content. */
    public CompletableFuture<Outcome> put(Handle handle, List<HandleValue> values, boolean overwrite) {
        Registration wanted = new Registration(handle, values, overwrite);
        return change(handle, current -> decidePut(wanted, current.isPresent()));
    }

    /** Removes a handle with its aliases. */
    public CompletableFuture<Outcome> delete(Handle handle) {
        return change(handle, current -> decideDelete(handle, current.isPresent()));
    }

    /** Decides a registration: what {@link #put} does before it writes. */
    public Decision decidePut(Registration wanted, boolean exists) {
        return rules.put(wanted, exists, isHomed(wanted.handle(), exists), nowSeconds());
    }

    /** Decides a removal: what {@link #delete} does before it writes. */
    public Decision decideDelete(Handle handle, boolean exists) {
        if (exists) {
            return new Decision(List.of(new RecordChange.Delete(handle)), new Outcome.Deleted(handle));
        }
        return isHomed(handle, false)
                ? Decision.refuse(ResponseCode.HANDLE_NOT_FOUND, "there is no handle " + handle.text())
                : Decision.refuse(
                        ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix " + handle.prefix() + " does not live here");
    }

    /** Runs a change in the record's turn: reads it, decides, writes. */
    public CompletableFuture<Outcome> change(Handle handle, Change change) {
        return turns.take(List.of(handle.canonical()), () -> apply(change.decide(records.find(handle))))
                .thenApply(outcome -> witnessed(handle, outcome));
    }

    /**
     * Decides each registration on its own and commits those accepted together. Outcomes are in the order given.
     *
     * <p>Should two of them, or one and an existing record, claim the same alias, the commit is repeated one by one, so
     * that only the latecomers are refused.
     */
    public CompletableFuture<List<Outcome>> putAll(List<Registration> registrations) {
        List<String> keys =
                registrations.stream().map(r -> r.handle().canonical()).toList();
        return turns.take(keys, () -> putInTurn(registrations)).thenApply(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                witnessed(registrations.get(i).handle(), outcomes.get(i));
            }
            return outcomes;
        });
    }

    private CompletableFuture<List<Outcome>> putInTurn(List<Registration> registrations) {
        List<Decision> decisions = decideAll(registrations);
        List<RecordChange> changes =
                decisions.stream().flatMap(d -> d.changes().stream()).toList();
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(outcomes(decisions));
        }
        return records.apply(changes, author)
                .thenApply(done -> outcomes(decisions))
                .exceptionallyCompose(failure -> StoreFailures.isAboutOneRecord(failure)
                        ? applyEach(decisions)
                        : CompletableFuture.failedFuture(failure));
    }

    private Outcome witnessed(Handle handle, Outcome outcome) {
        witness.accept(handle, outcome);
        return outcome;
    }

    private List<Decision> decideAll(List<Registration> registrations) {
        Set<String> written = new HashSet<>();
        List<Decision> decisions = new ArrayList<>(registrations.size());
        for (Registration r : registrations) {
            String key = r.handle().canonical();
            boolean exists = written.contains(key) || records.find(r.handle()).isPresent();
            Decision decision = decidePut(r, exists);
            if (!decision.changes().isEmpty()) {
                written.add(key);
            }
            decisions.add(decision);
        }
        return decisions;
    }

    private CompletableFuture<List<Outcome>> applyEach(List<Decision> decisions) {
        List<Outcome> outcomes = new ArrayList<>(decisions.size());
        CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
        for (Decision decision : decisions) {
            chain = chain.thenCompose(v -> apply(decision)).thenAccept(outcomes::add);
        }
        return chain.thenApply(v -> outcomes);
    }

    private static List<Outcome> outcomes(List<Decision> decisions) {
        return decisions.stream().map(Decision::outcome).toList();
    }

    /**
     * Serves a prefix from now on: writes its prefix handle {@code 0.NA/PREFIX} and its administrator {@code
     * PREFIX/ADMIN} in one commit. The prefix handle needs no site value: the resolver adds this node's own to it.
     *
     * @param prefix without a slash
     * @param secret the administrator's secret key, 1…{@value #MAX_SECRET_BYTES} bytes
     * @return {@link Outcome.Created} with the prefix handle
     */
    public CompletableFuture<Outcome> homePrefix(String prefix, byte[] secret) {
        Handle prefixHandle;
        Handle administrator;
        try {
            prefixHandle = PrefixNames.prefixHandle(prefix);
            administrator = Handle.parse(prefix + "/ADMIN");
        } catch (MalformedIdentifierException e) {
            return refused(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
        }
        if (secret.length < 1 || secret.length > MAX_SECRET_BYTES) {
            return refused(
                    ResponseCode.INVALID_VALUE,
                    "secret must have 1.." + MAX_SECRET_BYTES + " bytes but had " + secret.length);
        }
        List<String> keys = List.of(prefixHandle.canonical(), administrator.canonical());
        return turns.take(keys, () -> apply(decideHoming(prefixHandle, administrator, secret.clone())));
    }

    private Decision decideHoming(Handle prefixHandle, Handle administrator, byte[] secret) {
        if (records.find(prefixHandle).isPresent()) {
            return Decision.refuse(
                    ResponseCode.HANDLE_ALREADY_EXISTS, "prefix " + prefixHandle.suffix() + " lives here already");
        }
        return new Decision(
                List.copyOf(prefixRecords(prefixHandle, administrator, secret, nowSeconds())),
                new Outcome.Created(prefixHandle));
    }

    /**
     * What makes a node the home of a prefix: the prefix handle, then its administrator.
     *
     * @param administrator {@code PREFIX/ADMIN}
     */
    public static List<RecordChange.Put> prefixRecords(
            Handle prefixHandle, Handle administrator, byte[] secret, int now) {
        byte[] admin = new AdminRecord(AdminRecord.ALL, administrator.text(), SECRET_INDEX).encode();
        HandleValue adminValue = HandleValue.of(ADMIN_INDEX, AdminRecord.TYPE, admin, now);
        HandleValue secretValue = new HandleValue(
                SECRET_INDEX, "HS_SECKEY", secret, TimeToLive.DAY, now, Permissions.ADMIN_ONLY, List.of());
        return List.of(
                new RecordChange.Put(prefixHandle, List.of(adminValue), List.of()),
                new RecordChange.Put(administrator, List.of(adminValue, secretValue), List.of()));
    }

    /**
     * Has another node serve a prefix from now on: its handles are referred there. A prefix served here may be given away
     * while it has no handles but its administrator.
     *
     * @return {@link Outcome.Created} or, if the prefix was known, {@link Outcome.Replaced} with the prefix handle
     */
    public CompletableFuture<Outcome> delegatePrefix(String prefix, SiteInfo site) {
        Handle prefixHandle;
        try {
            prefixHandle = PrefixNames.prefixHandle(prefix);
        } catch (MalformedIdentifierException e) {
            return refused(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage()));
        }
        return turns.take(
                List.of(prefixHandle.canonical()),
                () -> apply(DelegationRules.decide(
                        homing, prefixHandle, site, records.find(prefixHandle), isInUse(prefix), nowSeconds())));
    }

    private boolean isInUse(String prefix) {
        String administrator = Handle.foldAscii(prefix + "/ADMIN");
        List<String> names = new ArrayList<>();
        records.list(prefix, "", 2, handle -> names.add(handle.canonical()));
        return names.stream().anyMatch(name -> !name.equals(administrator));
    }

    /** Who serves a prefix, if another node does. */
    public Optional<Delegation> delegation(String prefix) {
        try {
            Handle prefixHandle = PrefixNames.prefixHandle(prefix);
            return records.find(prefixHandle)
                    .flatMap(values -> homing.delegation(prefixHandle, values, Delegation.Scope.HANDLES));
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }

    /** The prefixes that live here or are delegated from here, in order of their folded names. */
    public List<String> homedPrefixes() {
        List<String> prefixes = new ArrayList<>();
        String after = "";
        int before;
        do {
            before = prefixes.size();
            records.list(Homing.PREFIX_OF_PREFIXES, after, PAGE, handle -> prefixes.add(handle.suffix()));
            after = prefixes.isEmpty() ? "" : lastFolded(prefixes);
        } while (prefixes.size() - before == PAGE);
        return prefixes;
    }

    private static String lastFolded(List<String> prefixes) {
        return Handle.foldAscii(Homing.PREFIX_OF_PREFIXES + '/' + prefixes.get(prefixes.size() - 1));
    }

    /** A prefix handle is homed by being there: its own prefix, 0.NA, lives at the root of the Handle System. */
    private boolean isHomed(Handle handle, boolean exists) {
        return Homing.isPrefixHandle(handle) ? exists : homing.livesHere(handle);
    }

    private CompletableFuture<Outcome> apply(Decision decision) {
        if (decision.changes().isEmpty()) {
            return CompletableFuture.completedFuture(decision.outcome());
        }
        return records.apply(decision.changes(), author)
                .thenApply(done -> decision.outcome())
                .exceptionallyCompose(StoreFailures::refusal);
    }

    private static CompletableFuture<Outcome> refused(ResponseCode code, String message) {
        return CompletableFuture.completedFuture(new Outcome.Refused(code, message));
    }
}
