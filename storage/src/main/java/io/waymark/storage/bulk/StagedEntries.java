package io.waymark.storage.bulk;

import java.nio.charset.StandardCharsets;

/**
 * Payloads of the three kinds of runs.
 *
 * <pre>
 * records   key = folded handle; {@link TextPlace}, u1 flags (bit 0: may replace a record), u4 length of the record,
 *           record (as stored), list of its codes (as stored; empty if there are none)
 * codes     key = code; TextPlace, u1 kind (0 claimed, 1 given up), folded handle
 * refusals  key = u4 segment, u4 line; TextPlace, reason (UTF-8)
 * </pre>
 */
public final class StagedEntries {
    /** Flag: an existing record may be replaced by this one. */
    public static final int MAY_REPLACE = 1;

    static final int FLAGS = TextPlace.BYTES;
    static final int RECORD_LENGTH = FLAGS + 1;
    static final int RECORD = RECORD_LENGTH + 4;

    static final int KIND = TextPlace.BYTES;
    static final int HOLDER = KIND + 1;
    static final int CLAIMED = 0;
    static final int GIVEN_UP = 1;

    static final int REASON = TextPlace.BYTES;

    private StagedEntries() {}

    /**
     * Begins a record: the stored form is put into the answer, then comes {@link #endRecord} or {@link RunBuilder#cancel}.
     *
     * @param key folded handle
     */
    public static Octets beginRecord(RunBuilder records, byte[] key, int at, int length, TextPlace place, int flags) {
        Octets out = records.begin(key, at, length);
        place.put(out);
        return out.putByte(flags).putInt(0);
    }

    /**
     * Ends a record.
     *
     * @param list its codes as stored, or empty
     */
    public static void endRecord(RunBuilder records, byte[] list) {
        Octets out = records.octets();
        int at = records.payloadAt();
        out.setInt(at + RECORD_LENGTH, out.size() - at - RECORD);
        out.put(list);
        records.end();
    }

    /** Adds a code that a record claims. */
    public static void addClaim(RunBuilder codes, String code, TextPlace place, byte[] key, int at, int length) {
        addCode(codes, utf8(code), place, CLAIMED, key, at, length);
    }

    static void addCode(RunBuilder codes, byte[] code, TextPlace place, int kind, byte[] key, int at, int length) {
        Octets out = codes.begin(code, 0, code.length);
        place.put(out);
        out.putByte(kind).put(key, at, length);
        codes.end();
    }

    /** Adds a refusal. */
    public static void addRefusal(RunBuilder refusals, TextPlace place, String reason) {
        byte[] key = new Octets(8).putInt(place.segment()).putInt(place.line()).array();
        Octets out = refusals.begin(key, 0, 8);
        place.put(out);
        out.put(utf8(reason));
        refusals.end();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
