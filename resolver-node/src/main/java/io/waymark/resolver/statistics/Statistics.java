package io.waymark.resolver.statistics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.StorageException;
import io.waymark.storage.statistics.DayCounts;
import io.waymark.storage.statistics.DayFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's counts by prefix and day. Threads count in a {@link Lane} each; every few seconds their growth is added to the
 * day it is then, and the day is written. Safe for any thread.
 *
 * <p>Nothing here stops the node: a day that cannot be written is kept in memory and tried again, a file that cannot be
 * read is set aside and named in the log.
 */
public final class Statistics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Statistics.class);

    private final StatisticsConfig config;
    private final Clock clock;
    private final Prefixes prefixes;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Lane> ownLane = ThreadLocal.withInitial(this::newLane);
    private final PrefixMeters meters;
    private final DayFiles files;
    private final Sources sources;
    private final ScheduledExecutorService thread;

    // guarded by this
    private Map<String, long[]> counted = new TreeMap<>();
    private LocalDate today;
    private Map<String, long[]> todaysRows;
    private boolean dirty;

    private Statistics(StatisticsConfig config, MeterRegistry metrics, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.prefixes = new Prefixes(config.prefixesMax());
        this.meters = new PrefixMeters(metrics);
        this.files = new DayFiles(config.directory());
        this.sources = new Sources(config, clock);
        this.today = LocalDate.now(clock.withZone(config.zone()));
        this.todaysRows = load(today);
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread t = new Thread(task, "waymark-statistics");
            t.setDaemon(true);
            return t;
        });
        Gauge.builder("waymark.resolver.statistics.prefixes", prefixes, Prefixes::size)
                .description(
                        "Prefixes counted by name, at most " + config.prefixesMax() + "; others are counted together")
                .register(metrics);
    }

    /**
     * Goes on with the counts of today.
     *
     * @throws StorageException if the directory cannot be used
     */
    public static Statistics open(StatisticsConfig config, MeterRegistry metrics, Clock clock) {
        Statistics statistics = new Statistics(config, metrics, clock);
        long millis = config.writeEvery().toMillis();
        statistics.thread.scheduleWithFixedDelay(statistics::writeQuietly, millis, millis, TimeUnit.MILLISECONDS);
        return statistics;
    }

    /** The calling thread's counters; to be used by that thread alone. */
    public Lane lane() {
        return ownLane.get();
    }

    /** Requests by the network they came from. */
    public Sources sources() {
        return sources;
    }

    /**
     * Counts many at once, in no thread's lane.
     *
     * @param foldedPrefix in upper case; empty for several that are not told apart
     */
    public synchronized void add(String foldedPrefix, Measure measure, long count) {
        turnDay();
        String row =
                foldedPrefix.isEmpty() ? Prefixes.OTHER : prefixes.rowOf(foldedPrefix.getBytes(StandardCharsets.UTF_8));
        long[] growth = new long[Measure.values().length];
        growth[measure.column()] = count;
        grow(row, growth);
    }

    private void grow(String row, long[] growth) {
        add(todaysRows.computeIfAbsent(row, n -> new long[growth.length]), growth);
        meters.add(row, growth);
        dirty = true;
    }

    private Lane newLane() {
        Lane lane = new Lane(prefixes);
        lanes.add(lane);
        return lane;
    }

    /**
     * What was counted, up to this moment.
     *
     * @param from first day
     * @param to last day, included
     * @return the days on which anything was counted, oldest first; columns are {@link Measure#WORDS}
     */
    public List<DayCounts> between(LocalDate from, LocalDate to) {
        collect();
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

    /** The day it is where the node counts. */
    public LocalDate today() {
        return LocalDate.now(clock.withZone(config.zone()));
    }

    /** Whether a row stands for several prefixes rather than for the one it is named after. */
    public static boolean isCollective(String row) {
        return row.equals(Prefixes.OTHER) || row.equals(Prefixes.UNKNOWN);
    }

    /** Adds what the threads have counted since the last time to today. */
    synchronized void collect() {
        turnDay();
        Map<String, long[]> sums = new TreeMap<>();
        lanes.forEach(lane -> lane.addTo(sums));
        sums.forEach((name, sum) -> {
            long[] before = counted.getOrDefault(name, new long[sum.length]);
            long[] growth = new long[sum.length];
            boolean grown = false;
            for (int i = 0; i < sum.length; i++) {
                growth[i] = sum[i] - before[i];
                grown |= growth[i] != 0;
            }
            if (grown) {
                grow(name, growth);
            }
        });
        counted = sums;
    }

    private static void add(long[] row, long[] growth) {
        for (int i = 0; i < row.length; i++) {
            row[i] += growth[i];
        }
    }

    /** What was counted around midnight and not yet collected belongs to the new day. */
    private void turnDay() {
        LocalDate now = today();
        if (!now.equals(today)) {
            write();
            today = now;
            todaysRows = load(now);
            files.deleteBefore(now.minusDays(config.keepDays() - 1L));
        }
    }

    private synchronized DayCounts current() {
        Map<String, long[]> copy = new TreeMap<>();
        todaysRows.forEach((name, row) -> copy.put(name, row.clone()));
        return new DayCounts(today, Measure.WORDS, copy);
    }

    private synchronized void write() {
        if (dirty) {
            files.write(current());
            dirty = false;
        }
    }

    private void writeQuietly() {
        try {
            collect();
            write();
            sources.save();
        } catch (RuntimeException e) {
            LOG.error("statistics could not be written to {}, trying again", config.directory(), e);
        }
    }

    private Map<String, long[]> load(LocalDate day) {
        Map<String, long[]> rows = new TreeMap<>();
        read(day).ifPresent(counts -> counts.rows().forEach((name, row) -> rows.put(name, row.clone())));
        return rows;
    }

    private Optional<DayCounts> read(LocalDate day) {
        try {
            return files.read(day).map(counts -> counts.withColumns(Measure.WORDS));
        } catch (StorageException e) {
            Path aside = files.setAside(day);
            LOG.error("statistics of {} are lost: {}; the file is now {}", day, e.getMessage(), aside);
            return Optional.empty();
        }
    }

    /** Writes what was counted. Threads may go on counting, for nothing. */
    @Override
    public void close() {
        thread.shutdownNow();
        writeQuietly();
        ownLane.remove();
    }
}
