package io.waymark.platform.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.admin.AdminSecret;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.resolve.Homing;
import io.waymark.storage.bulk.PrefixGate;
import io.waymark.storage.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Admits records of prefixes that live here; or, if asked, has the others live here from the commit on. */
final class HomingGate implements PrefixGate {
    private static final int NEW_MAX = 10_000;

    private final RecordStore records;
    private final Homing homing;
    private final boolean home;
    private final int nowSeconds;
    private final Set<String> asked = new HashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final Map<String, String> secrets = new TreeMap<>();

    HomingGate(RecordStore records, boolean home, int nowSeconds) {
        this.records = records;
        this.homing = new Homing(records);
        this.home = home;
        this.nowSeconds = nowSeconds;
    }

    @Override
    public boolean admits(String foldedPrefix, boolean exists) {
        if (foldedPrefix.equals(Homing.PREFIX_OF_PREFIXES)) {
            return exists;
        }
        Handle any = new Handle(foldedPrefix + "/A");
        asked.add(any.prefixHandle().canonical());
        if (homing.livesHere(any)) {
            return true;
        }
        if (!home || records.find(any.prefixHandle()).isPresent()) {
            return false; // delegated to another node
        }
        missing.add(foldedPrefix);
        if (missing.size() > NEW_MAX) {
            throw new ImportException("the input has more than " + NEW_MAX
                    + " prefixes that do not live here: home them yourself if that is meant");
        }
        return true;
    }

    @Override
    public List<RecordChange.Put> companions(Predicate<Handle> isThere) {
        List<RecordChange.Put> companions = new ArrayList<>();
        secrets.clear();
        for (String prefix : missing) {
            if (homing.livesHere(handle(prefix + "/A"))) {
                continue;
            }
            Handle administrator = handle(prefix + "/ADMIN");
            String secret = AdminSecret.fresh();
            List<RecordChange.Put> both = Registrar.prefixRecords(
                    administrator.prefixHandle(), administrator, secret.getBytes(StandardCharsets.UTF_8), nowSeconds);
            companions.add(both.get(0));
            if (!isThere.test(administrator)) {
                companions.add(both.get(1));
                secrets.put(prefix, secret);
            }
        }
        return companions;
    }

    @Override
    public boolean dependsOn(Set<String> changed) {
        return asked.stream().anyMatch(changed::contains)
                || missing.stream().anyMatch(prefix -> changed.contains(prefix + "/ADMIN"));
    }

    /** The secret keys of administrators that were made: folded prefix → secret. */
    Map<String, String> secrets() {
        return new TreeMap<>(secrets);
    }

    /** How many prefixes live here from now on. */
    int homed() {
        return missing.size();
    }

    private static Handle handle(String text) {
        try {
            return Handle.parse(text);
        } catch (MalformedIdentifierException e) {
            throw new IllegalStateException("the prefix of a handle is one", e);
        }
    }
}
