package io.waymark.platform.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.resolver.admin.RegistrationRules;
import io.waymark.storage.bulk.Octets;
import io.waymark.storage.bulk.RunBuilder;
import io.waymark.storage.bulk.StagedEntries;
import io.waymark.storage.bulk.TextPlace;
import io.waymark.storage.record.AliasList;
import io.waymark.storage.record.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes records in their stored form straight from the octets of the input, for the shapes that most records have. Whatever
 * it answers false to is not decided: the general way ({@link RegistrationRules}) reads the record again and accepts it or
 * says exactly what is wrong. What it accepts is, octet for octet, what the general way makes of it. One thread.
 */
final class RecordEncoder {
    private static final int VALUES_MAX = 64;
    private static final byte[] WEB = "http".getBytes(StandardCharsets.US_ASCII);

    private final RunBuilder records;
    private final RunBuilder codes;
    private final RegistrationRules rules;
    private final int nowSeconds;

    // of the record begun
    private final byte[] key = new byte[Handle.MAX_BYTES];
    private int keyLength;
    private String handle = "";
    private final int[] indexes = new int[VALUES_MAX];
    private int values;
    private boolean allPublic;
    private final Set<String> aliases = new LinkedHashSet<>();
    private TextPlace place = new TextPlace(0, 0, 0, 0);
    private Octets out;
    private int recordAt;
    private int countAt;

    RecordEncoder(RunBuilder records, RunBuilder codes, RegistrationRules rules, int nowSeconds) {
        this.records = records;
        this.codes = codes;
        this.rules = rules;
        this.nowSeconds = nowSeconds;
        this.out = new Octets(0);
    }

    /** Begins a record named by the octets; if the answer is false there is nothing to cancel. */
    boolean begin(byte[] in, int from, int to, TextPlace at) {
        if (!fold(in, from, to)) {
            return false;
        }
        place = at;
        values = 0;
        allPublic = true;
        aliases.clear();
        out = StagedEntries.beginRecord(records, key, 0, keyLength, at, 0);
        recordAt = out.size();
        boolean folded = Arrays.equals(in, from, to, key, 0, keyLength);
        out.putByte(StoredRecord.VERSION).putByte(0).putShort(folded ? 0 : keyLength);
        if (!folded) {
            out.put(in, from, keyLength);
        }
        countAt = out.size();
        out.putInt(0);
        handle = "";
        return true;
    }

    /** Folds the name into {@link #key}; false if it is not plainly a handle. */
    private boolean fold(byte[] in, int from, int to) {
        keyLength = to - from;
        if (keyLength > key.length || !Utf8.isValid(in, from, to)) {
            return false;
        }
        int slash = -1;
        for (int i = 0; i < keyLength; i++) {
            byte c = in[from + i];
            if ((c >= 0 && c < 0x20) || c == 0x7f) {
                return false;
            }
            if (c == '/' && slash < 0) {
                slash = i;
            }
            key[i] = c >= 'a' && c <= 'z' ? (byte) (c - 32) : c;
        }
        return slash > 0 && slash < keyLength - 1;
    }

    /** Adds a value that lives relative to its retrieval. */
    boolean value(Slice type, Slice data, int index, int ttlSeconds, int permissions) {
        if (values == VALUES_MAX || index < 1 || isTaken(index) || ttlSeconds < 0) {
            return false;
        }
        if (type.length() < 1 || type.length() > RegistrationRules.MAX_TYPE_BYTES || !type.isUtf8()) {
            return false;
        }
        if (isAlias(type) && !claim(type, data, index)) {
            return false;
        }
        if (mayBeLink(type, data)
                && RegistrationRules.linkFault(copied(type, data, index)).isPresent()) {
            return false;
        }
        indexes[values++] = index;
        allPublic &= (permissions & Permissions.PUBLIC_READ) != 0;
        out.putInt(index).putInt(nowSeconds).putByte(0).putInt(ttlSeconds).putByte(permissions);
        out.putInt(type.length()).put(type.octets(), type.from(), type.length());
        out.putInt(data.length()).put(data.octets(), data.from(), data.length());
        out.putInt(0);
        return true;
    }

    private boolean isTaken(int index) {
        for (int i = 0; i < values; i++) {
            if (indexes[i] == index) {
                return true;
            }
        }
        return false;
    }

    /** By first letters, for speed: URL, LINKSET, 10320/loc, gs1:…; most are plain web addresses, which are good. */
    private static boolean mayBeLink(Slice type, Slice data) {
        boolean link = "UuLl1g".indexOf(type.octets()[type.from()]) >= 0;
        return link && !(type.equalsAscii("URL") && isWeb(data));
    }

    private static boolean isWeb(Slice data) {
        int colon = data.length() > WEB.length && data.octets()[data.from() + WEB.length] == 's' ? 1 : 0;
        return data.length() > WEB.length + colon
                && Arrays.equals(data.octets(), data.from(), data.from() + WEB.length, WEB, 0, WEB.length)
                && data.octets()[data.from() + WEB.length + colon] == ':';
    }

    private HandleValue copied(Slice type, Slice data, int index) {
        byte[] copy = Arrays.copyOfRange(data.octets(), data.from(), data.to());
        return new HandleValue(index, type.text(), copy, TimeToLive.DAY, nowSeconds, Permissions.DEFAULT, List.of());
    }

    private static boolean isAlias(Slice type) {
        return (type.length() == 3 || type.length() == 5) && RegistrationRules.isAliasType(type.text());
    }

    private boolean claim(Slice type, Slice data, int index) {
        HandleValue value = copied(type, data, index);
        try {
            if (handle.isEmpty()) {
                handle = new String(key, 0, keyLength, StandardCharsets.UTF_8);
            }
            rules.alias(new Handle(handle), value).ifPresent(aliases::add);
            return true;
        } catch (MalformedIdentifierException e) {
            return false;
        }
    }

    /** Keeps the record, or forgets it and answers false. */
    boolean end() {
        if (values == 0 || out.size() - countAt > RegistrationRules.MAX_RECORD_BYTES) {
            records.cancel();
            return false;
        }
        out.setByte(recordAt + StoredRecord.FLAGS_OFFSET, allPublic ? StoredRecord.ALL_PUBLIC : 0);
        out.setInt(countAt, values);
        for (String alias : aliases) {
            StagedEntries.addClaim(codes, alias, place, key, 0, keyLength);
        }
        StagedEntries.endRecord(records, aliases.isEmpty() ? new byte[0] : AliasList.encode(aliases));
        return true;
    }

    /** Forgets the record begun. */
    void cancel() {
        records.cancel();
    }
}
