package io.waymark.gateway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.device.LastSeen;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When and how devices were last there: in memory while they are connected, and on disk in batches every few seconds, never
 * for a message. After a crash the last seconds are missing. Anonymous clients are no devices.
 */
public final class Sightings implements ConnectionWatcher, AutoCloseable {
    /** Most devices gone since the last batch; of more the time of going is not kept. */
    static final int GONE_MAX = 200_000;

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final int BATCH = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(Sightings.class);

    private final LiveDevices live;
    private final DeviceStore store;
    private final Clock clock;
    private final Map<String, LastSeen> gone = new ConcurrentHashMap<>();
    private final Counter dropped;
    private final ScheduledExecutorService writer;
    private long writtenMillis;

    /**
     * Writes nothing before {@link #start}.
     *
     * @param live who is connected
     * @param store keeps it
     * @param registry gets {@code waymark.gateway.sightings.dropped}
     */
    public Sightings(LiveDevices live, DeviceStore store, MeterRegistry registry, Clock clock) {
        this.live = live;
        this.store = store;
        this.clock = clock;
        this.dropped = Counter.builder("waymark.gateway.sightings.dropped")
                .description("devices whose going could not be remembered")
                .register(registry);
        this.writer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "gateway-sightings");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to write what it sees. */
    public void start() {
        writer.scheduleWithFixedDelay(this::write, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void connected(Admission who, long nowMillis) {}

    @Override
    public void disconnected(Admission who, boolean last, String reason, long nowMillis) {
        String id = who.arrival().deviceId();
        if (!last || !who.isRegistered()) {
            return;
        }
        if (gone.size() >= GONE_MAX && !gone.containsKey(id)) {
            dropped.increment();
            return;
        }
        gone.put(id, seen(who, false, nowMillis));
    }

    @Override
    public void refused(Refusal refusal, long nowMillis) {}

    private static LastSeen seen(Admission who, boolean connected, long sinceMillis) {
        Arrival arrival = who.arrival();
        return new LastSeen(
                connected,
                sinceMillis,
                arrival.address(),
                arrival.protocol(),
                arrival.clientId(),
                who.deviceLastMessageMillis());
    }

    /** What is known of a device; empty if it has never been there. Any thread but an event loop. */
    public Optional<LastSeen> of(String id) {
        Optional<Admission> newest = newest(id);
        LastSeen left = gone.get(id);
        Optional<LastSeen> stored = left != null ? Optional.of(left) : store.lastSeen(id);
        if (newest.isEmpty()) {
            // Written while it was connected: it was there until the gateway stopped.
            return stored.map(s -> new LastSeen(
                    false, s.sinceMillis(), s.address(), s.protocol(), s.clientId(), s.lastMessageMillis()));
        }
        LastSeen now = seen(newest.get(), true, newest.get().sinceMillis());
        long message = Math.max(
                now.lastMessageMillis(), stored.map(LastSeen::lastMessageMillis).orElse(0L));
        return Optional.of(
                new LastSeen(true, now.sinceMillis(), now.address(), now.protocol(), now.clientId(), message));
    }

    private Optional<Admission> newest(String id) {
        return live.ofRegistered(id).stream().max(Comparator.comparingLong(Admission::sinceMillis));
    }

    private void write() {
        try {
            long now = clock.millis();
            writeGone();
            writeConnected();
            writtenMillis = now;
        } catch (RuntimeException e) {
            LOG.warn("when devices were last seen could not be written, will be tried again: {}", e.toString());
        }
    }

    private void writeGone() {
        Map<String, LastSeen> batch = new HashMap<>();
        Iterator<Map.Entry<String, LastSeen>> each = gone.entrySet().iterator();
        while (each.hasNext() || !batch.isEmpty()) {
            while (each.hasNext() && batch.size() < BATCH) {
                Map.Entry<String, LastSeen> one = each.next();
                batch.put(one.getKey(), withMessageBefore(one.getKey(), one.getValue()));
            }
            store.putLastSeen(batch);
            // Whoever came and went again meanwhile has another entry by now, which stays.
            batch.forEach((id, written) ->
                    gone.computeIfPresent(id, (key, now) -> now.sinceMillis() == written.sinceMillis() ? null : now));
            batch.clear();
        }
    }

    /** A connection without a message does not undo the time of the last one before. */
    private LastSeen withMessageBefore(String id, LastSeen now) {
        long before = now.lastMessageMillis() > 0
                ? 0
                : store.lastSeen(id).map(LastSeen::lastMessageMillis).orElse(0L);
        return before == 0
                ? now
                : new LastSeen(
                        now.connected(), now.sinceMillis(), now.address(), now.protocol(), now.clientId(), before);
    }

    private void writeConnected() {
        List<String> ids = new ArrayList<>(live.ids());
        for (int from = 0; from < ids.size(); from += BATCH) {
            Map<String, LastSeen> batch = new HashMap<>();
            for (String id : ids.subList(from, Math.min(ids.size(), from + BATCH))) {
                newest(id)
                        .filter(a -> Math.max(a.sinceMillis(), a.deviceLastMessageMillis()) >= writtenMillis)
                        .ifPresent(a -> batch.put(id, withMessageBefore(id, seen(a, true, a.sinceMillis()))));
            }
            if (!batch.isEmpty()) {
                store.putLastSeen(batch);
            }
        }
    }

    /** Writes what is known, and stops. */
    @Override
    public void close() {
        writer.shutdownNow();
        try {
            if (writer.awaitTermination(2, TimeUnit.SECONDS)) {
                write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
