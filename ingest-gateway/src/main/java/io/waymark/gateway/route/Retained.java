package io.waymark.gateway.route;

import io.waymark.gateway.packet.Filters;
import io.waymark.gateway.packet.Topics;
import io.waymark.storage.retained.RetainedChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last retained message of each topic, as the store has it, bounded in number and octets. Changed by the spool's writer
 * thread, in the order of its commits, and at start; of QoS 0 also by the publisher's loop, ahead of the commit that will say
 * the same. What is ahead stays until its own commit: those in front of it do not bring back what it replaced. Read by any
 * thread.
 *
 * @see "MQTT 5.0 §3.3.1.3 RETAIN"
 */
public final class Retained {
    /**
     * A topic's newest message of QoS 0 while it is being written.
     *
     * @param beneath what the topic holds durably meanwhile, or null
     */
    private record Ahead(LiveMessage newest, @Nullable LiveMessage beneath) {
        @SuppressWarnings("ReferenceEquality") // two messages that say the same are two writes
        boolean is(LiveMessage message) {
            return newest == message;
        }
    }

    private final ConcurrentSkipListMap<String, LiveMessage> byTopic = new ConcurrentSkipListMap<>();
    // As many as the spool's queue takes. Whoever changes a topic holds its place here.
    private final ConcurrentHashMap<String, Ahead> ahead = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private final int countMax;
    private final long octetsMax;
    private volatile long firstExpiryNanos;
    private volatile boolean expires;

    /**
     * @param countMax most topics
     * @param octetsMax most octets of topics and payloads together
     */
    public Retained(int countMax, long octetsMax) {
        this.countMax = countMax;
        this.octetsMax = octetsMax;
    }

    /** Whether the message may take its topic's place; what is being written is not counted yet. Any thread. */
    public boolean hasRoom(LiveMessage message) {
        LiveMessage before = byTopic.get(message.topic());
        int more = before == null ? 1 : 0;
        long heavier = (long) message.weight() - (before == null ? 0 : before.weight());
        return count.get() + more <= countMax && octets.get() + heavier <= octetsMax;
    }

    /** The change is being written and no other is known to come behind it: it is seen from now on. Any thread. */
    public void ahead(LiveMessage message, RetainedChange change) {
        ahead.compute(change.topic(), (topic, known) -> {
            LiveMessage beneath = known == null ? byTopic.get(topic) : known.beneath();
            set(topic, held(message, change));
            return new Ahead(message, beneath);
        });
    }

    /** The change is durable: the topic holds the message, or nothing. In the order of commits. */
    public void durable(LiveMessage message, RetainedChange change) {
        ahead.compute(change.topic(), (topic, known) -> {
            if (known != null && !known.is(message)) {
                return new Ahead(known.newest(), held(message, change));
            }
            set(topic, held(message, change));
            return null;
        });
    }

    /** The change was told {@link #ahead} and will not be durable: the topic holds what it held. Any thread. */
    public void failed(LiveMessage message) {
        ahead.computeIfPresent(message.topic(), (topic, known) -> {
            if (!known.is(message)) {
                return known;
            }
            set(topic, known.beneath());
            return null;
        });
    }

    private static @Nullable LiveMessage held(LiveMessage message, RetainedChange change) {
        return change.message() == null ? null : message;
    }

    private void set(String topic, @Nullable LiveMessage message) {
        if (message == null) {
            account(byTopic.remove(topic), null);
        } else {
            put(message);
        }
    }

    /** Its topic holds nothing, unless it holds another one by now. Any thread. */
    public void remove(LiveMessage message) {
        if (byTopic.remove(message.topic(), message)) {
            account(message, null);
        }
    }

    /** The topic holds the message; at start. */
    public void put(LiveMessage message) {
        account(byTopic.put(message.topic(), message), message);
        if (message.expiresAtNanos() != LiveMessage.NEVER) {
            expiresAt(message.expiresAtNanos());
        }
    }

    private synchronized void expiresAt(long nanos) {
        if (!expires || nanos - firstExpiryNanos < 0) {
            firstExpiryNanos = nanos;
            expires = true;
        }
    }

    private void account(@Nullable LiveMessage gone, @Nullable LiveMessage come) {
        count.addAndGet((come == null ? 0 : 1) - (gone == null ? 0 : 1));
        octets.addAndGet((come == null ? 0 : come.weight()) - (gone == null ? 0 : gone.weight()));
    }

    /** What the topic holds, or null. */
    public @Nullable LiveMessage get(String topic) {
        return byTopic.get(topic);
    }

    /** Tells every message whose topic matches the filter and that has not expired. */
    public void match(String filter, long nowNanos, Consumer<LiveMessage> visitor) {
        if (!Topics.hasWildcard(filter)) {
            LiveMessage message = byTopic.get(filter);
            if (message != null && !message.isExpired(nowNanos)) {
                visitor.accept(message);
            }
            return;
        }
        for (LiveMessage message : candidates(filter)) {
            if (!message.isExpired(nowNanos) && Filters.matches(filter, message.topic())) {
                visitor.accept(message);
            }
        }
    }

    /** Topics that begin as the filter does in front of its first wildcard; a/# also matches a. */
    private Collection<LiveMessage> candidates(String filter) {
        int wildcard = 0;
        while (filter.charAt(wildcard) != '+' && filter.charAt(wildcard) != '#') {
            wildcard++;
        }
        String prefix = filter.substring(0, Math.max(0, wildcard - 1));
        return byTopic.subMap(prefix, true, prefix + '\uFFFF', true).values();
    }

    /** Topics whose message has expired; cheap when there is none. */
    public List<String> expired(long nowNanos) {
        if (!expires || firstExpiryNanos - nowNanos > 0) {
            return List.of();
        }
        expires = false;
        List<String> expired = new ArrayList<>();
        for (LiveMessage message : byTopic.values()) {
            long at = message.expiresAtNanos();
            if (message.isExpired(nowNanos)) {
                expired.add(message.topic());
            } else if (at != LiveMessage.NEVER) {
                expiresAt(at);
            }
        }
        return expired;
    }

    /** Topics held. */
    public int size() {
        return count.get();
    }

    /** Octets held. */
    public long octets() {
        return octets.get();
    }
}
