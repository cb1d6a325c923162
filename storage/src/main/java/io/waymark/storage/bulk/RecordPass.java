package io.waymark.storage.bulk;

import io.waymark.storage.record.AliasList;
import io.waymark.storage.record.BulkDoor;
import io.waymark.storage.record.Ingestion.ReplacedKeys;
import io.waymark.storage.record.Ingestion.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the staged records in order of their handles, beside those of the store: refuses, or writes the record and the list
 * of its codes. Codes that replaced records had are noted as given up. One thread.
 */
final class RecordPass {
    /** Replaced records named one by one; beyond that the memory tier forgets everything. */
    private static final int REPLACED_NAMED_MAX = 1 << 16;

    private static final long TELL_EVERY = 4096;

    private final BulkDoor door;
    private final BulkPolicy policy;
    private final PrefixGate prefixes;
    private final BulkProgress progress;
    private final Ledger ledger;
    private final LoadFiles files;

    /** The entry that counts until a later one of the same handle comes: key, then payload. */
    private final Octets candidate = new Octets(1 << 12);

    private int keyLength;
    private TextPlace place = new TextPlace(0, 0, 0, 0);

    private byte[] prefix = new byte[0];
    private boolean prefixExists;
    private boolean admitted;

    private final LineSet superseded = new LineSet();
    private final List<byte[]> replaced = new ArrayList<>();
    private boolean replacedTooMany;
    private long walked;

    RecordPass(
            BulkDoor door,
            BulkPolicy policy,
            PrefixGate prefixes,
            BulkProgress progress,
            Ledger ledger,
            LoadFiles files) {
        this.door = door;
        this.policy = policy;
        this.prefixes = prefixes;
        this.progress = progress;
        this.ledger = ledger;
        this.files = files;
    }

    void run(MergedRuns staged) throws IOException {
        try (StoreJoin store = new StoreJoin(door.cursor(Table.RECORDS));
                StoreJoin heads = new StoreJoin(door.cursor(Table.HEADS))) {
            while (staged.next()) {
                TextPlace here = TextPlace.read(staged.buffer(), staged.payloadAt());
                if (!ledger.isRefused(here)) {
                    meet(staged, here, store, heads);
                }
                if (++walked % TELL_EVERY == 0) {
                    tell(TELL_EVERY);
                }
            }
            settle(store, heads);
            ledger.countSuperseded(superseded.size());
            progress.advance(walked % TELL_EVERY);
        }
    }

    private void tell(long amount) {
        if (Thread.interrupted()) {
            throw new BulkInterruptedException();
        }
        progress.advance(amount);
    }

    /** Lines that gave way to later ones. */
    LineSet superseded() {
        return superseded;
    }

    /** Existing records whose content changes. */
    ReplacedKeys replaced() {
        return new ReplacedKeys(replacedTooMany, replacedTooMany ? List.of() : List.copyOf(replaced));
    }

    private void meet(MergedRuns staged, TextPlace here, StoreJoin store, StoreJoin heads) throws IOException {
        if (!isCandidate(staged)) {
            settle(store, heads);
        } else if (mayReplace(staged.buffer(), staged.payloadAt())) {
            superseded.add(place.segment(), place.line());
        } else {
            ledger.refuse(
                    here,
                    "handle " + text(staged.buffer(), staged.keyAt(), staged.keyLength())
                            + " is on an earlier line already");
            return;
        }
        candidate.truncate(0);
        candidate.put(staged.buffer(), staged.keyAt(), staged.keyLength() + staged.payloadLength());
        keyLength = staged.keyLength();
        place = here;
    }

    private boolean isCandidate(MergedRuns staged) {
        int at = staged.keyAt();
        return candidate.size() > 0
                && Arrays.equals(staged.buffer(), at, at + staged.keyLength(), candidate.array(), 0, keyLength);
    }

    private boolean mayReplace(byte[] in, int payloadAt) {
        return policy.overwrite() || (in[payloadAt + StagedEntries.FLAGS] & StagedEntries.MAY_REPLACE) != 0;
    }

    /** Decides on the candidate. */
    private void settle(StoreJoin store, StoreJoin heads) throws IOException {
        if (candidate.size() == 0) {
            return;
        }
        byte[] in = candidate.array();
        boolean exists = store.has(in, 0, keyLength);
        if (!isAdmitted(in, exists)) {
            ledger.refuse(place, "prefix " + text(prefix, 0, prefix.length) + " does not live here");
        } else if (exists && !mayReplace(in, keyLength)) {
            ledger.refuse(place, "handle " + text(in, 0, keyLength) + " exists already");
        } else {
            write(in, exists ? store.value() : null, heads);
        }
        candidate.truncate(0);
    }

    private boolean isAdmitted(byte[] in, boolean exists) {
        int slash = 0;
        while (in[slash] != '/') {
            slash++;
        }
        if (exists != prefixExists || !Arrays.equals(in, 0, slash, prefix, 0, prefix.length)) {
            prefix = Arrays.copyOf(in, slash);
            prefixExists = exists;
            admitted = prefixes.admits(text(prefix, 0, slash), exists);
        }
        return admitted;
    }

    private void write(byte[] in, byte @Nullable [] former, StoreJoin heads) throws IOException {
        int record = keyLength + StagedEntries.RECORD;
        int recordLength = candidate.getInt(keyLength + StagedEntries.RECORD_LENGTH);
        int list = record + recordLength;
        int listLength = candidate.size() - list;
        files.records().put(in, 0, keyLength, in, record, recordLength);
        boolean hadCodes = former != null && replace(Arrays.copyOf(in, keyLength));
        if (listLength > 0) {
            files.lists().put(in, 0, keyLength, in, list, listLength);
        } else if (hadCodes) {
            files.lists().delete(in, 0, keyLength);
        }
        // a record that was deleted has a head without having content
        boolean hasPast = former != null || heads.has(in, 0, keyLength);
        files.note(in, keyLength, former, hasPast, listLength > 0);
        ledger.countRecord(prefix, former != null);
    }

    /** Notes what goes with the former record; whether it had codes. */
    private boolean replace(byte[] key) throws IOException {
        if (replaced.size() < REPLACED_NAMED_MAX) {
            replaced.add(key);
        } else {
            replacedTooMany = true;
        }
        byte[] list = door.get(Table.ALIASES_OF, key);
        Set<String> codes = list == null ? Set.of() : AliasList.decode(text(key, 0, key.length), list);
        for (String code : codes) {
            StagedEntries.addCode(
                    files.givenUp().builder(),
                    StagedEntries.utf8(code),
                    place,
                    StagedEntries.GIVEN_UP,
                    key,
                    0,
                    key.length);
        }
        return list != null;
    }

    static String text(byte[] in, int at, int length) {
        return new String(in, at, length, StandardCharsets.UTF_8);
    }
}
