package io.waymark.gateway.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.gateway.packet.Filters;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets a few people see what devices do while they do it. Nobody waits for a viewer: what one does not take in time it is not
 * shown, and it is told how much that was. Without viewers it costs one look at a list.
 */
public final class LiveTail implements ConnectionWatcher {
    /** Most viewers at once. */
    public static final int VIEWERS_MAX = 16;
    /** Most events that wait for one viewer. */
    public static final int WAITING_MAX = 1_000;
    /** Most octets of a payload that are shown. */
    public static final int HEAD_MAX = 4_096;

    private static final byte[] NOTHING = new byte[0];
    /** Wakes whoever waits for an event when there will be none. */
    private static final TailEvent NO_MORE = new TailEvent(0, "", "", "", "", 0, false, 0, NOTHING, "");

    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final Counter dropped;
    private boolean ended;

    LiveTail(MeterRegistry registry) {
        dropped = Counter.builder("waymark.gateway.tail.dropped")
                .description("events a viewer was too slow for")
                .register(registry);
        Gauge.builder("waymark.gateway.tail.viewers", viewers::size)
                .description("people who watch devices live")
                .register(registry);
    }

    /**
     * What a viewer wants to see; empty = whatever.
     *
     * @param deviceId of this device
     * @param group of this group
     * @param filter messages to topics that match
     */
    public record Wanted(String deviceId, String group, String filter) {
        boolean isFor(String device, String ofGroup) {
            return (deviceId.isEmpty() || deviceId.equals(device)) && (group.isEmpty() || group.equals(ofGroup));
        }

        boolean isTopic(String topic) {
            return filter.isEmpty() || Filters.matches(filter, topic);
        }
    }

    /** One who watches. {@link #next} on one thread. */
    public static final class Viewer {
        private final Wanted wanted;
        private final BlockingQueue<TailEvent> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
        private final AtomicLong missed = new AtomicLong();
        private volatile boolean ending;

        Viewer(Wanted wanted) {
            this.wanted = wanted;
        }

        /** The next event, or null when there was none in time. */
        public @Nullable TailEvent next(long time, TimeUnit unit) throws InterruptedException {
            TailEvent event = ending ? waiting.poll() : waiting.poll(time, unit);
            return NO_MORE.equals(event) ? null : event;
        }

        /** Whether nothing is added to what waits. */
        public boolean isEnding() {
            return ending;
        }

        /** Whether it was shown everything there will be. */
        public boolean isOver() {
            return ending && waiting.isEmpty();
        }

        private void end() {
            ending = true;
            waiting.offer(NO_MORE);
        }

        /** How many events it was too slow for since this was last asked. */
        public long missed() {
            return missed.getAndSet(0);
        }
    }

    /** A new viewer, until {@link #leave}; null when there are as many as may be, or it is over. */
    public synchronized @Nullable Viewer watch(Wanted wanted) {
        if (ended || viewers.size() >= VIEWERS_MAX) {
            return null;
        }
        Viewer viewer = new Viewer(wanted);
        viewers.add(viewer);
        return viewer;
    }

    /** It watches no more. */
    public void leave(Viewer viewer) {
        viewers.remove(viewer);
    }

    /** Nothing is shown any more; who watches sees what waits for it, and that it is over. */
    public synchronized void end() {
        ended = true;
        viewers.forEach(Viewer::end);
        viewers.clear();
    }

    /** A message was taken from a device. Any thread; the payload is borrowed. */
    public void message(
            String deviceId, String group, String topic, int qos, boolean retain, byte[] payload, long nowMillis) {
        if (!viewers.isEmpty()) {
            show(TailEvent.MESSAGE, deviceId, group, topic, qos, retain, payload, nowMillis);
        }
    }

    /** Whether anybody watches. Any thread. */
    public boolean isWatched() {
        return !viewers.isEmpty();
    }

    /** A command is sent to a device. Any thread; the payload is borrowed. */
    public void command(String deviceId, String group, String topic, int qos, byte[] payload, long nowMillis) {
        if (!viewers.isEmpty()) {
            show(TailEvent.COMMAND, deviceId, group, topic, qos, false, payload, nowMillis);
        }
    }

    private void show(
            String kind,
            String deviceId,
            String group,
            String topic,
            int qos,
            boolean retain,
            byte[] payload,
            long nowMillis) {
        TailEvent event = null;
        for (Viewer viewer : viewers) {
            if (viewer.wanted.isFor(deviceId, group) && viewer.wanted.isTopic(topic)) {
                event = event != null
                        ? event
                        : new TailEvent(
                                nowMillis,
                                deviceId,
                                group,
                                kind,
                                topic,
                                qos,
                                retain,
                                payload.length,
                                Arrays.copyOf(payload, Math.min(payload.length, HEAD_MAX)),
                                "");
                show(viewer, event);
            }
        }
    }

    private void show(Viewer viewer, TailEvent event) {
        if (!viewer.waiting.offer(event)) {
            viewer.missed.incrementAndGet();
            dropped.increment();
        }
    }

    @Override
    public void connected(Admission who, long nowMillis) {
        Arrival arrival = who.arrival();
        tell(
                "connected",
                arrival.deviceId(),
                who.group(),
                arrival.clientId() + " from " + arrival.address() + ", " + arrival.protocol(),
                nowMillis);
    }

    @Override
    public void disconnected(Admission who, boolean last, String reason, long nowMillis) {
        tell(
                "disconnected",
                who.arrival().deviceId(),
                who.group(),
                who.arrival().clientId() + ": " + reason,
                nowMillis);
    }

    @Override
    public void refused(Refusal refusal, long nowMillis) {
        tell(
                "refused",
                refusal.deviceId(),
                "",
                refusal.clientId() + " from " + refusal.address() + ": " + refusal.reason(),
                nowMillis);
    }

    private void tell(String kind, String deviceId, String group, String detail, long nowMillis) {
        for (Viewer viewer : viewers) {
            if (viewer.wanted.isFor(deviceId, group) && viewer.wanted.filter().isEmpty()) {
                show(viewer, new TailEvent(nowMillis, deviceId, group, kind, "", 0, false, 0, NOTHING, detail));
            }
        }
    }
}
