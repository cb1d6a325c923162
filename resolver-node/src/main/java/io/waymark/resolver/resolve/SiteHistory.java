package io.waymark.resolver.resolve;

import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node's own site record was: prefix handles are answered with it, in the past too. Kept in {@value #FILE}, a line for
 * each change, {@value #MAX} at most:
 *
 * <pre>
 * 2026-11-22T08:00:00.123Z TAB base64 of the HS_SITE data
 * </pre>
 *
 * <p>Safe for any thread.
 */
public final class SiteHistory {
    /** The file's name. */
    public static final String FILE = "own-site.tsv";

    static final int MAX = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(SiteHistory.class);

    private final Path file;

    /** Guarded by this. */
    private final NavigableMap<Instant, byte[]> known = new TreeMap<>();

    private SiteHistory(Path file) {
        this.file = file;
    }

    /**
     * Reads what is known. Lines that cannot be read, as a crash may leave the last one, are passed over and named in the log.
     *
     * @param directory made if absent
     * @throws UncheckedIOException if the file cannot be read; the message names it
     */
    public static SiteHistory open(Path directory) {
        SiteHistory history = new SiteHistory(directory.resolve(FILE));
        try {
            Files.createDirectories(directory);
            if (Files.exists(history.file)) {
                Files.readAllLines(history.file, StandardCharsets.ISO_8859_1).forEach(history::read);
            }
            return history;
        } catch (IOException e) {
            throw new UncheckedIOException("site history " + history.file + ": " + e.getMessage(), e);
        }
    }

    private synchronized void read(String line) {
        try {
            int tab = line.indexOf('\t');
            byte[] site = Base64.getDecoder().decode(line.substring(tab + 1));
            SiteInfoCodec.decode(site);
            known.put(Instant.parse(line.substring(0, Math.max(0, tab))), site);
        } catch (DateTimeException | IllegalArgumentException | MalformedRecordException e) {
            LOG.warn("a line of {} cannot be read: {}", file, e.getMessage());
        }
    }

    /** Notes what the record is from a time on; nothing if it was the same before. A file that cannot be written is logged. */
    synchronized void note(SiteInfo site, Instant from) {
        byte[] octets = SiteInfoCodec.encode(site);
        if (!known.isEmpty() && java.util.Arrays.equals(known.lastEntry().getValue(), octets)) {
            return;
        }
        known.put(from, octets);
        while (known.size() > MAX) {
            known.pollFirstEntry();
        }
        try {
            write();
        } catch (IOException e) {
            LOG.error("{} cannot be written: what the site record is now will not be known later", file, e);
        }
    }

    /** Written beside and moved, so that a crash leaves the old or the new. */
    private void write() throws IOException {
        List<String> lines = new ArrayList<>(known.size());
        known.forEach(
                (time, site) -> lines.add(time + "\t" + Base64.getEncoder().encodeToString(site)));
        Path fresh = file.resolveSibling(FILE + ".new");
        Files.write(
                fresh,
                lines,
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What it was; empty if that is not known. */
    synchronized Optional<SiteInfo> asOf(Instant time) {
        var entry = known.floorEntry(time);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(SiteInfoCodec.decode(entry.getValue()));
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("a site record was read before and now cannot be", e);
        }
    }
}
