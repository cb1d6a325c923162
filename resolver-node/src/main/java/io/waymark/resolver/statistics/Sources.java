package io.waymark.resolver.statistics;

import io.waymark.storage.StorageException;
import io.waymark.storage.statistics.DayCounts;
import io.waymark.storage.statistics.DayFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests by day and by the network they came from, an IPv4 /24 or an IPv6 /48: of each day the networks with the most. Safe for
 * any thread.
 *
 * <p>A table of fixed size, sets of {@value #WAYS} ways as a cache has them. A network without a place takes that of the one with
 * the fewest requests in its set, and its number on top of its own: who asks much is never forgotten, who asks little may be told
 * too high, by about one request in {@value #PLACES} of all.
 */
public final class Sources {
    /** What a day's numbers mean. */
    public static final List<String> COLUMNS = List.of("requests");

    static final int PLACES = 4096;
    private static final int WAYS = 4;
    private static final long IPV4 = 1L << 63;
    private static final long IPV6 = 1L << 62;
    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

    private final int networksMax;
    private final DayFiles files;
    private final StatisticsConfig config;
    private final Clock clock;

    // guarded by this
    private final long[] keys = new long[PLACES];
    private final long[] counts = new long[PLACES];
    private LocalDate today;
    private boolean dirty;

    Sources(StatisticsConfig config, Clock clock) {
        this.networksMax = config.networksMax();
        this.files = new DayFiles(config.directory().resolve("sources"));
        this.config = config;
        this.clock = clock;
        this.today = day();
        begin(today);
    }

    private LocalDate day() {
        return LocalDate.now(clock.withZone(config.zone()));
    }

    /** Counts requests of one source, or of several on behalf of one of them chosen by chance. No allocation that lasts. */
    public void add(InetAddress source, int requests) {
        if (networksMax > 0) {
            add(key(source.getAddress()), requests);
        }
    }

    private synchronized void add(long key, long requests) {
        int first = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 32) & (PLACES - 1) & -WAYS;
        int place = first;
        for (int way = first; way < first + WAYS; way++) {
            if (keys[way] == key) {
                place = way;
                break;
            }
            place = counts[way] < counts[place] ? way : place;
        }
        keys[place] = key;
        counts[place] += requests;
        dirty = true;
    }

    /** Of an IPv4 address 24 bits, of an IPv6 address 48, and which it is. */
    private static long key(byte[] address) {
        boolean v4 = address.length == 4;
        long key = 0;
        for (int i = 0; i < (v4 ? 3 : 6); i++) {
            key = (key << 8) | (address[i] & 0xff);
        }
        return key | (v4 ? IPV4 : IPV6);
    }

    private static String network(long key) {
        boolean v4 = (key & IPV4) != 0;
        byte[] address = new byte[v4 ? 4 : 16];
        int octets = v4 ? 3 : 6;
        for (int i = 0; i < octets; i++) {
            address[i] = (byte) (key >>> (8 * (octets - 1 - i)));
        }
        try {
            return InetAddress.getByAddress(address).getHostAddress() + '/' + 8 * octets;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 octets always make an address", e);
        }
    }

    /**
     * What was counted, up to this moment.
     *
     * @param from first day
     * @param to last day, included
     * @return the days on which anything was counted, oldest first
     */
    public List<DayCounts> between(LocalDate from, LocalDate to) {
        List<DayCounts> days = new ArrayList<>();
        DayCounts current = current();
        for (LocalDate day : files.days()) {
            if (!day.isBefore(from) && !day.isAfter(to) && !day.equals(current.day())) {
                read(day).ifPresent(days::add);
            }
        }
        if (!current.day().isBefore(from)
                && !current.day().isAfter(to)
                && !current.rows().isEmpty()) {
            days.add(current);
        }
        return days;
    }

    /** Writes today if anything was added; begins a new day. Files are touched without the lock, for which event loops wait. */
    void save() {
        if (takeDirty()) {
            write(current());
        }
        LocalDate now = day();
        if (!now.equals(current().day())) {
            begin(now);
            files.deleteBefore(now.minusDays(config.keepDays() - 1L));
        }
    }

    private synchronized boolean takeDirty() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    private void write(DayCounts counted) {
        boolean written = false;
        try {
            files.write(counted);
            written = true;
        } finally {
            if (!written) {
                synchronized (this) {
                    dirty = true;
                }
            }
        }
    }

    private DayCounts current() {
        LocalDate day;
        long[] networks;
        long[] requests;
        synchronized (this) {
            day = today;
            networks = keys.clone();
            requests = counts.clone();
        }
        Map<String, long[]> rows = new LinkedHashMap<>();
        IntStream.range(0, PLACES)
                .filter(place -> requests[place] > 0)
                .boxed()
                .sorted(Comparator.comparingLong((Integer place) -> requests[place])
                        .reversed())
                .limit(networksMax)
                .forEach(place -> rows.put(network(networks[place]), new long[] {requests[place]}));
        return new DayCounts(day, COLUMNS, rows);
    }

    private void begin(LocalDate day) {
        Optional<DayCounts> known = read(day);
        synchronized (this) {
            today = day;
            Arrays.fill(keys, 0);
            Arrays.fill(counts, 0);
            known.ifPresent(counted -> counted.rows().forEach((network, numbers) -> addKnown(network, numbers[0])));
            dirty = false;
        }
    }

    private void addKnown(String network, long requests) {
        try {
            InetAddress address = InetAddress.getByName(network.substring(0, Math.max(0, network.indexOf('/'))));
            add(key(address.getAddress()), requests);
        } catch (UnknownHostException e) {
            LOG.warn("statistics of sources name {}, which is no network", network);
        }
    }

    private Optional<DayCounts> read(LocalDate day) {
        try {
            return files.read(day).map(counted -> counted.withColumns(COLUMNS));
        } catch (StorageException e) {
            LOG.error(
                    "statistics of sources of {} are lost: {}; the file is now {}",
                    day,
                    e.getMessage(),
                    files.setAside(day));
            return Optional.empty();
        }
    }
}
