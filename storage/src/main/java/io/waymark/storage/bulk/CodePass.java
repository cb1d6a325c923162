package io.waymark.storage.bulk;

import io.waymark.storage.record.BulkDoor;
import io.waymark.storage.record.Ingestion.Table;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the claimed and given-up codes in order, beside those of the store: a code leads to the first line that claims it,
 * unless it leads to a record that is not replaced. One thread.
 */
final class CodePass {
    private final BulkDoor door;
    private final Ledger ledger;
    private final LineSet superseded;
    private final TableFiles codes;

    private byte[] code = new byte[0];
    private byte @Nullable [] claimant;
    private TextPlace place = new TextPlace(0, 0, 0, 0);
    private byte @Nullable [] giver;

    CodePass(BulkDoor door, Ledger ledger, LineSet superseded, TableFiles codes) {
        this.door = door;
        this.ledger = ledger;
        this.superseded = superseded;
        this.codes = codes;
    }

    void run(MergedRuns staged) throws IOException {
        try (StoreJoin store = new StoreJoin(door.cursor(Table.ALIASES))) {
            while (staged.next()) {
                int at = staged.keyAt();
                if (!Arrays.equals(staged.buffer(), at, at + staged.keyLength(), code, 0, code.length)) {
                    settle(store);
                    code = Arrays.copyOfRange(staged.buffer(), at, at + staged.keyLength());
                }
                meet(staged);
            }
            settle(store);
        }
    }

    private void meet(MergedRuns staged) throws IOException {
        int at = staged.payloadAt();
        byte[] holder = Arrays.copyOfRange(staged.buffer(), at + StagedEntries.HOLDER, at + staged.payloadLength());
        if (staged.buffer()[at + StagedEntries.KIND] == StagedEntries.GIVEN_UP) {
            giver = holder;
            return;
        }
        TextPlace here = TextPlace.read(staged.buffer(), at);
        if (ledger.isRefused(here) || superseded.contains(here.segment(), here.line())) {
            return;
        }
        if (claimant == null) {
            claimant = holder;
            place = here;
        } else {
            ledger.refuse(here, text(code) + " already leads to " + text(claimant) + " on an earlier line");
        }
    }

    private void settle(StoreJoin store) throws IOException {
        byte[] wanted = claimant;
        byte[] given = giver;
        claimant = null;
        giver = null;
        if (wanted == null && given == null) {
            return;
        }
        byte[] holder = store.has(code, 0, code.length) ? store.value() : null;
        boolean free = holder == null || Arrays.equals(holder, given);
        if (wanted == null) {
            if (holder != null && free) {
                codes.delete(code, 0, code.length);
            }
        } else if (free || Arrays.equals(holder, wanted)) {
            codes.put(code, 0, code.length, wanted, 0, wanted.length);
        } else {
            ledger.refuse(place, text(code) + " already leads to the record " + text(holder));
        }
    }

    private static String text(byte @Nullable [] octets) {
        return octets == null ? "" : RecordPass.text(octets, 0, octets.length);
    }
}
