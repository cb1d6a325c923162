package io.waymark.gateway.command;

import io.waymark.gateway.route.LiveMessage;
import io.waymark.gateway.session.HandedOver;
import io.waymark.gateway.session.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Commands by all that is asked of them: name, device, time, and where they are. Its users hold its lock, but for the two questions
 * every acknowledgement and every connection asks.
 */
final class CommandBook {
    /** A place in a stored queue. */
    private record Place(long queue, long sequence) {}

    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final Map<Pending.Key, Pending> all = new HashMap<>();
    private final Map<String, Set<Pending>> openByDevice = new ConcurrentHashMap<>();
    private final TreeSet<Pending> byExpiry = new TreeSet<>(Comparator.<Pending>comparingLong(p -> p.expiresAtMillis)
            .thenComparing(p -> p.key.deviceId())
            .thenComparing(p -> p.key.id()));
    private final Set<Pending> finished = new LinkedHashSet<>();
    private final Set<Pending> unwritten = new LinkedHashSet<>();
    private final Map<Long, Set<Pending>> byQueue = new ConcurrentHashMap<>();
    private final Map<Place, Pending> places = new HashMap<>();
    private final IdentityHashMap<LiveMessage, Pending> live = new IdentityHashMap<>();
    private long openOctets;

    @Nullable
    Pending find(String deviceId, String id) {
        return all.get(new Pending.Key(deviceId, id));
    }

    int open() {
        return byExpiry.size();
    }

    long openOctets() {
        return openOctets;
    }

    /** Without the lock. */
    boolean hasOpen(String deviceId) {
        return openByDevice.containsKey(deviceId);
    }

    int openOf(String deviceId) {
        return openByDevice.getOrDefault(deviceId, Set.of()).size();
    }

    // ---- in and out

    void add(Pending pending) {
        all.put(pending.key, pending);
        if (pending.state.isFinal()) {
            finished.add(pending);
            return;
        }
        byExpiry.add(pending);
        openByDevice
                .computeIfAbsent(pending.key.deviceId(), id -> new LinkedHashSet<>(2))
                .add(pending);
        openOctets += pending.command.payload().length;
        if (pending.queue > 0) {
            byQueue.computeIfAbsent(pending.queue, q -> new LinkedHashSet<>(2)).add(pending);
        }
    }

    /** Its state may have become final. */
    void settled(Pending pending) {
        if (pending.state.isFinal() && finished.add(pending)) {
            close(pending);
        }
    }

    private void close(Pending pending) {
        take(pending);
        if (byExpiry.remove(pending)) {
            openOctets -= pending.command.payload().length;
        }
        Set<Pending> own = openByDevice.get(pending.key.deviceId());
        if (own != null && own.remove(pending) && own.isEmpty()) {
            openByDevice.remove(pending.key.deviceId());
        }
    }

    void forget(Pending pending) {
        close(pending);
        all.remove(pending.key, pending);
        finished.remove(pending);
        unwritten.remove(pending);
    }

    /** Final ones that are too many or changed before a time, the oldest first. */
    List<Pending> forgettable(int most, long beforeMillis) {
        List<Pending> old = new ArrayList<>(0);
        int surplus = finished.size() - most;
        for (Pending pending : finished) {
            if (old.size() >= FORGOTTEN_AT_ONCE || (pending.changedAtMillis > beforeMillis && old.size() >= surplus)) {
                break;
            }
            old.add(pending);
        }
        return old;
    }

    // ---- where

    void handed(Pending pending, HandedOver handed, LiveMessage message) {
        if (handed.queue() > 0) {
            pending.queue = handed.queue();
            byQueue.computeIfAbsent(pending.queue, q -> new LinkedHashSet<>(2)).add(pending);
        } else {
            live.put(message, pending);
            pending.live = message;
        }
        pending.session = handed.session();
    }

    void placed(Pending pending, long queue, long sequence) {
        if (queue > 0 && pending.queue == queue && !pending.state.isFinal()) {
            pending.sequence = sequence;
            places.put(new Place(queue, sequence), pending);
        }
    }

    /** It is nowhere any more. */
    void take(Pending pending) {
        Set<Pending> own = byQueue.get(pending.queue);
        if (own != null && own.remove(pending) && own.isEmpty()) {
            byQueue.remove(pending.queue);
        }
        places.remove(new Place(pending.queue, pending.sequence));
        LiveMessage message = pending.live;
        if (message != null) {
            live.remove(message);
        }
        pending.taken();
    }

    /** Without the lock. */
    boolean isHandedTo(long queue) {
        return byQueue.containsKey(queue);
    }

    @Nullable
    Pending at(long queue, long sequence) {
        return places.get(new Place(queue, sequence));
    }

    @Nullable
    Pending of(LiveMessage message) {
        return live.get(message);
    }

    /** A message in a queue: the command it is, if it is one. */
    void found(long queue, long sequence, LiveMessage message, CommandLimits limits) {
        String id = message.properties().userProperties().get(1);
        for (Pending pending : byQueue.getOrDefault(queue, Set.of())) {
            if (pending.sequence == 0
                    && pending.key.id().equals(id)
                    && limits.topicOf(pending.command).equals(message.topic())) {
                placed(pending, queue, sequence);
                return;
            }
        }
    }

    /** What a session that is left, or over, will not acknowledge. */
    List<Pending> heldBy(Session session, boolean over) {
        List<Pending> held = new ArrayList<>(0);
        for (Pending pending : openByDevice.getOrDefault(session.key().deviceId(), Set.of())) {
            boolean lost = pending.session == session && (over || pending.queue == 0);
            boolean lostOnDisk = over
                    && pending.queue > 0
                    && session.outbound().stored() != null
                    && session.outbound().stored().number() == pending.queue;
            if (lost || lostOnDisk) {
                held.add(pending);
            }
        }
        return held;
    }

    // ---- questions

    Collection<Pending> openOnes() {
        return List.copyOf(byExpiry);
    }

    List<Pending> allOf(String deviceId) {
        return List.copyOf(openByDevice.getOrDefault(deviceId, Set.of()));
    }

    List<Pending> waitingOf(String deviceId) {
        return openByDevice.getOrDefault(deviceId, Set.of()).stream()
                .filter(pending -> !pending.isHanded())
                .toList();
    }

    List<Pending> expired(long nowMillis) {
        List<Pending> expired = new ArrayList<>(0);
        for (Pending pending : byExpiry) {
            if (pending.expiresAtMillis > nowMillis) {
                break;
            }
            expired.add(pending);
        }
        return expired;
    }

    // ---- what the store or Kafka does not know yet

    void unwritten(Pending pending) {
        unwritten.add(pending);
    }

    void written(Pending pending) {
        unwritten.remove(pending);
    }

    List<Pending> takeUnwritten() {
        List<Pending> taken = List.copyOf(unwritten);
        unwritten.clear();
        return taken;
    }
}
