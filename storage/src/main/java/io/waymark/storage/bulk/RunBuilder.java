package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Gathers entries in memory and writes them as one sorted {@link Run}. What is in order already is not sorted again.
 * Reusable after {@link #write}; one thread.
 */
public final class RunBuilder {
    private static final int WRITE_BUFFER = 1 << 18;

    /** An entry's first eight octets behind what all keys have in common, and where it is. */
    private record Place(long octets, int at) {}

    private final Octets octets;
    private final List<Integer> starts = new ArrayList<>();
    private int open = -1;

    /** @param bytesExpected memory taken at the start; it grows as needed */
    public RunBuilder(int bytesExpected) {
        this.octets = new Octets(bytesExpected);
    }

    /** Begins an entry; its payload is what is put into the answer until {@link #end} or {@link #cancel}. */
    public Octets begin(byte[] key, int at, int length) {
        if (length > 0xffff) {
            throw new IllegalArgumentException("a key must have at most 65535 bytes but had " + length);
        }
        open = octets.size();
        octets.putShort(length).putInt(0).put(key, at, length);
        return octets;
    }

    Octets octets() {
        return octets;
    }

    /** Where the payload of the entry begun starts. */
    int payloadAt() {
        return key(open) + keyLength(open);
    }

    /** Keeps the entry begun. */
    public void end() {
        octets.setInt(open + 2, octets.size() - open - Run.HEADER - keyLength(open));
        starts.add(open);
    }

    /** Forgets the entry begun. */
    public void cancel() {
        octets.truncate(open);
    }

    /** Entries so far. */
    public int entries() {
        return starts.size();
    }

    /** Bytes so far. */
    public int bytes() {
        return octets.size();
    }

    /** Writes the entries to a new file and forgets them. */
    public Run write(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            if (isSorted()) {
                append(out, crc, octets.array(), octets.size());
            } else {
                writeSorted(out, crc);
            }
        }
        Run run = new Run(file, starts.size(), octets.size(), (int) crc.getValue());
        octets.truncate(0);
        starts.clear();
        return run;
    }

    private void writeSorted(FileChannel out, CRC32C crc) throws IOException {
        Octets buffer = new Octets(WRITE_BUFFER);
        for (Place place : sorted()) {
            buffer.put(octets.array(), place.at(), entryLength(place.at()));
            if (buffer.size() >= WRITE_BUFFER) {
                append(out, crc, buffer.array(), buffer.size());
                buffer.truncate(0);
            }
        }
        append(out, crc, buffer.array(), buffer.size());
    }

    private static void append(FileChannel out, CRC32C crc, byte[] bytes, int length) throws IOException {
        crc.update(bytes, 0, length);
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            out.write(rest);
        }
    }

    private boolean isSorted() {
        for (int i = 1; i < starts.size(); i++) {
            if (compare(starts.get(i - 1), starts.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Comparing eight octets that lie in the object itself spares most looks into the arena. */
    private Place[] sorted() {
        int common = commonPrefix();
        Place[] places = new Place[starts.size()];
        for (int i = 0; i < places.length; i++) {
            int at = starts.get(i);
            places[i] = new Place(octetsBehind(at, common), at);
        }
        Comparator<Place> order = (a, b) -> {
            int first = Long.compareUnsigned(a.octets(), b.octets());
            return first != 0 ? first : compare(a.at(), b.at());
        };
        Arrays.sort(places, order);
        return places;
    }

    private int commonPrefix() {
        int first = starts.get(0);
        int common = keyLength(first);
        for (int at : starts) {
            int n = Math.min(common, keyLength(at));
            int differs =
                    Arrays.mismatch(octets.array(), key(first), key(first) + n, octets.array(), key(at), key(at) + n);
            common = differs < 0 ? n : differs;
        }
        return common;
    }

    private long octetsBehind(int at, int skip) {
        long word = 0;
        int end = key(at) + keyLength(at);
        for (int i = key(at) + skip, n = 0; n < Long.BYTES; i++, n++) {
            word = word << 8 | (i < end ? octets.array()[i] & 0xff : 0);
        }
        return word;
    }

    private int compare(int a, int b) {
        byte[] array = octets.array();
        return Arrays.compareUnsigned(array, key(a), key(a) + keyLength(a), array, key(b), key(b) + keyLength(b));
    }

    private static int key(int at) {
        return at + Run.HEADER;
    }

    private int keyLength(int at) {
        return octets.getShort(at);
    }

    private int entryLength(int at) {
        return Run.HEADER + keyLength(at) + octets.getInt(at + 2);
    }
}
