package io.waymark.gateway.route;

import io.waymark.gateway.packet.Filters;
import io.waymark.gateway.packet.Topics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last retained message of each topic, in memory, bounded in number and octets. Any thread.
 *
 * @see "MQTT 5.0 §3.3.1.3 RETAIN"
 */
public final class Retained {
    private final Map<String, LiveMessage> byTopic = new ConcurrentHashMap<>();
    private final AtomicLong octets = new AtomicLong();
    private final int countMax;
    private final long octetsMax;

    /**
     * @param countMax most topics
     * @param octetsMax most octets of topics and payloads together
     */
    public Retained(int countMax, long octetsMax) {
        this.countMax = countMax;
        this.octetsMax = octetsMax;
    }

    /**
     * Stores the message, or with an empty payload deletes what its topic holds.
     *
     * @return false when there is no room for it; the topic then holds nothing rather than something out of date
     */
    public boolean put(LiveMessage message) {
        if (message.payload().length == 0) {
            remove(message.topic());
            return true;
        }
        remove(message.topic());
        if (byTopic.size() >= countMax || octets.get() + message.weight() > octetsMax) {
            return false;
        }
        account(byTopic.put(message.topic(), message), message);
        return true;
    }

    private void remove(String topic) {
        account(byTopic.remove(topic), null);
    }

    private void account(@Nullable LiveMessage gone, @Nullable LiveMessage come) {
        octets.addAndGet((come == null ? 0 : come.weight()) - (gone == null ? 0 : gone.weight()));
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
        for (LiveMessage message : byTopic.values()) {
            if (!message.isExpired(nowNanos) && Filters.matches(filter, message.topic())) {
                visitor.accept(message);
            }
        }
    }

    /** Forgets what has expired. */
    public void expire(long nowNanos) {
        byTopic.values().removeIf(message -> {
            boolean gone = message.isExpired(nowNanos);
            if (gone) {
                account(message, null);
            }
            return gone;
        });
    }

    /** Topics held. */
    public int size() {
        return byTopic.size();
    }

    /** Octets held. */
    public long octets() {
        return octets.get();
    }
}
