package io.waymark.storage.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.storage.record.AliasList;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoredRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** An import as a test writes it: lines in segments of a few lines each. */
final class Import {
    private final Path directory;
    private final int linesPerSegment;
    private final List<RecordChange.Put> lines = new ArrayList<>();

    Import(Path directory, int linesPerSegment) {
        this.directory = directory;
        this.linesPerSegment = linesPerSegment;
    }

    /** Lines are numbered from 0 through all segments. */
    Import line(String handle, String content, String... aliases) {
        lines.add(new RecordChange.Put(
                new Handle(handle), List.of(HandleValue.text(1, "T", content, 0)), List.of(aliases)));
        return this;
    }

    List<RecordChange.Put> lines() {
        return lines;
    }

    BulkResult load(RecordStore store, BulkPolicy policy) throws IOException {
        return load(store, policy, new Open(), Runnable::run);
    }

    BulkResult load(RecordStore store, BulkPolicy policy, PrefixGate gate, Executor executor) throws IOException {
        Files.createDirectories(directory);
        BulkProgress silent = new BulkProgress() {
            @Override
            public void begin(Phase phase, long total) {}

            @Override
            public void advance(long amount) {}
        };
        return new BulkLoad(store.bulk(), directory.resolve("load"), stage(), policy, gate, executor, silent).run();
    }

    private List<StagedSegment> stage() throws IOException {
        List<StagedSegment> segments = new ArrayList<>();
        for (int from = 0; from < lines.size(); from += linesPerSegment) {
            int number = segments.size();
            RunBuilder records = new RunBuilder(16);
            RunBuilder codes = new RunBuilder(16);
            List<RecordChange.Put> some = lines.subList(from, Math.min(lines.size(), from + linesPerSegment));
            for (int i = 0; i < some.size(); i++) {
                add(some.get(i), new TextPlace(number, i, 0, 0), records, codes);
            }
            segments.add(new StagedSegment(
                    number,
                    some.size(),
                    Optional.of(records.write(directory.resolve("records-" + number))),
                    codes.entries() == 0
                            ? Optional.empty()
                            : Optional.of(codes.write(directory.resolve("codes-" + number))),
                    Optional.empty()));
        }
        return segments;
    }

    private static void add(RecordChange.Put put, TextPlace place, RunBuilder records, RunBuilder codes) {
        byte[] key = put.handle().canonical().getBytes(StandardCharsets.UTF_8);
        StagedEntries.beginRecord(records, key, 0, key.length, place, 0)
                .put(StoredRecord.encode(put.handle(), put.values()));
        StagedEntries.endRecord(records, put.aliases().isEmpty() ? new byte[0] : AliasList.encode(put.aliases()));
        put.aliases().forEach(alias -> StagedEntries.addClaim(codes, alias, place, key, 0, key.length));
    }

    /** Line → why it was refused. */
    Map<Integer, String> refusals(BulkResult result) throws IOException {
        Map<Integer, String> refusals = new LinkedHashMap<>();
        result.refusals().forEach(refusal -> {
            refusals.put(
                    refusal.place().segment() * linesPerSegment
                            + refusal.place().line(),
                    refusal.reason());
            return true;
        });
        return refusals;
    }

    /** Admits everything. */
    static class Open implements PrefixGate {
        @Override
        public boolean admits(String foldedPrefix, boolean exists) {
            return true;
        }

        @Override
        public List<RecordChange.Put> companions(Predicate<Handle> isThere) {
            return List.of();
        }

        @Override
        public boolean dependsOn(Set<String> changed) {
            return false;
        }
    }
}
