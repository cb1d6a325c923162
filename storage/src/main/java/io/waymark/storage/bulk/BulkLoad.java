package io.waymark.storage.bulk;

import io.waymark.storage.StorageException;
import io.waymark.storage.bulk.BulkProgress.Phase;
import io.waymark.storage.record.Author;
import io.waymark.storage.record.BulkDoor;
import io.waymark.storage.record.ChangeWatch;
import io.waymark.storage.record.Ingestion;
import io.waymark.storage.record.Ingestion.Contents;
import io.waymark.storage.record.StoreChangedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Loads staged segments into a record store: all records that are not refused, or none. One thread; the store may be read and
 * written meanwhile.
 *
 * <p>A line is refused if its handle is on an earlier line, or in the store and may not be replaced; if its prefix does not
 * live here; or if a code of it is claimed by an earlier line or leads to a record that stays. A line that is refused still
 * counts as an earlier line.
 */
public final class BulkLoad {
    /** Others may change what was just checked; after so many attempts they win. */
    private static final int ATTEMPTS_MAX = 4;

    /** One for each table, and two that are being written. */
    private static final int CHUNKS_MAX = 8;

    private final BulkDoor door;
    private final Path directory;
    private final List<StagedSegment> segments;
    private final BulkPolicy policy;
    private final PrefixGate prefixes;
    private final Executor executor;
    private final BulkProgress progress;
    private final Chunks chunks = new Chunks(CHUNKS_MAX);

    /**
     * @param directory for table files, on the file system of the store; created, and deleted by whoever owns the import, but
     *     not after a {@link StorageException}
     * @param executor writes table files
     */
    public BulkLoad(
            BulkDoor door,
            Path directory,
            List<StagedSegment> segments,
            BulkPolicy policy,
            PrefixGate prefixes,
            Executor executor,
            BulkProgress progress) {
        this.door = door;
        this.directory = directory;
        this.segments = List.copyOf(segments);
        this.policy = policy;
        this.prefixes = prefixes;
        this.executor = executor;
        this.progress = progress;
    }

    /** Table files that are ready, and what they hold. */
    private record Checked(Ledger ledger, Optional<Ingestion> ingestion) {}

    /**
     * Checks everything, writes the table files and, unless something is refused that must not be, makes them part of the
     * store.
     *
     * @throws StoreChangedException if others kept changing the same records
     * @throws StorageException if the disk fails or a staged file is damaged
     * @throws BulkInterruptedException if this thread was interrupted before the commit
     */
    public BulkResult run() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (ChangeWatch watch = await(door.watch())) {
                Checked checked = check();
                checked.ingestion().ifPresent(ingestion -> {
                    progress.begin(Phase.COMMITTING, 1);
                    awaitEnd(door.ingest(ingestion, watch, Author.IMPORT));
                });
                return result(checked);
            } catch (StoreChangedException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private BulkResult result(Checked checked) throws IOException {
        Ledger ledger = checked.ledger();
        List<Run> refusals = new ArrayList<>(runs(StagedSegment::refusals));
        refusals.addAll(ledger.reasons().runs());
        return new BulkResult(
                checked.ingestion().isPresent(),
                ledger.records(),
                ledger.replaced(),
                ledger.superseded(),
                ledger.refused() + unreadable(),
                new BulkResult.Refusals(refusals, directory),
                ledger.prefixes());
    }

    private long unreadable() {
        return runs(StagedSegment::refusals).stream().mapToLong(Run::entries).sum();
    }

    /** A record refused for its code frees others only in the next round; each round refuses more, so there is a last. */
    private Checked check() throws IOException {
        clean();
        Ledger ledger = new Ledger(directory);
        for (int round = 0; ; round++) {
            Optional<Ingestion> ingestion = round(ledger, Files.createDirectories(directory.resolve("round-" + round)));
            boolean mayLoad = policy.skipRefused() || ledger.refused() + unreadable() == 0;
            if (!mayLoad || ledger.records() == 0) {
                return new Checked(ledger, Optional.empty());
            }
            if (ingestion.isPresent()) {
                return new Checked(ledger, ingestion);
            }
        }
    }

    /** Empty if a record was refused for a code, after it was written. */
    private Optional<Ingestion> round(Ledger ledger, Path scratch) throws IOException {
        ledger.recount();
        LoadFiles files = new LoadFiles(door, scratch, chunks, executor);
        try {
            RecordPass records = new RecordPass(door, policy, prefixes, progress, ledger, files);
            progress.begin(Phase.MERGING, entries(runs(StagedSegment::records)));
            try (MergedRuns staged = MergedRuns.open(runs(StagedSegment::records), scratch)) {
                records.run(staged);
            }
            long refused = ledger.refused();
            List<Run> codes = new ArrayList<>(runs(StagedSegment::codes));
            codes.addAll(files.givenUp().runs());
            try (MergedRuns staged = MergedRuns.open(codes, scratch)) {
                new CodePass(door, ledger, records.superseded(), files.codes()).run(staged);
            }
            if (ledger.refused() > refused) {
                return Optional.empty();
            }
            files.addCompanions(prefixes);
            Contents contents = (changed, aliases) -> prefixes.dependsOn(changed) || files.touches(changed, aliases);
            return Optional.of(files.finish(records.replaced(), contents));
        } finally {
            files.quiesce();
        }
    }

    private List<Run> runs(Function<StagedSegment, Optional<Run>> which) {
        return segments.stream().flatMap(s -> which.apply(s).stream()).toList();
    }

    private static long entries(List<Run> runs) {
        return runs.stream().mapToLong(Run::entries).sum();
    }

    /** What an earlier attempt left; the store has no use for it, because a watch begins with finishing what was begun. */
    private void clean() throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> old = Files.walk(directory)) {
            for (Path path : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BulkInterruptedException();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    /** A commit cannot be stopped, so neither can the wait for it. */
    private static void awaitEnd(CompletableFuture<Void> commit) {
        try {
            commit.join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(Exception e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new StorageException("the import could not be committed: " + e.getCause(), e);
    }
}
