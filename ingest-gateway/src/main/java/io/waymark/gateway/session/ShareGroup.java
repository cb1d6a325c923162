package io.waymark.gateway.session;

import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.route.LiveMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that share one subscription. Each message goes to one of them: in turn to those connected that keep up; when
 * nobody is, to the one with the least before it; when nobody is connected, in turn to those that come back. Any thread.
 *
 * @see "MQTT 5.0 §4.8.2 Shared Subscriptions"
 */
public final class ShareGroup implements Subscriber {
    /** Waiting messages with which a member still counts as keeping up. */
    private static final int KEEPS_UP = 16;

    /** Most members looked at for one message. */
    private static final int LOOKED_AT_MAX = 32;

    /** One session with its own options. */
    record Member(Session session, Subscription subscription) {}

    private volatile List<Member> members = List.of();
    private final AtomicInteger turn = new AtomicInteger();
    private final String name;

    /** @param name the whole filter, {@code $share/…} */
    ShareGroup(String name) {
        this.name = name;
    }

    /** Adds the session or replaces its options. */
    synchronized void put(Session session, Subscription subscription) {
        List<Member> changed = without(session);
        changed.add(new Member(session, subscription));
        members = List.copyOf(changed);
    }

    synchronized void remove(Session session) {
        members = List.copyOf(without(session));
    }

    private List<Member> without(Session session) {
        List<Member> others = new ArrayList<>(members);
        others.removeIf(member -> member.session() == session);
        return others;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Whose turn it is, or null when nobody could be given it. */
    @Nullable
    Member choose(LiveMessage message) {
        List<Member> all = members;
        int start = turn.getAndIncrement();
        Member least = null;
        Member absent = null;
        int leastWaiting = Integer.MAX_VALUE;
        for (int i = 0; i < Math.min(all.size(), LOOKED_AT_MAX); i++) {
            Member member = all.get(Math.floorMod(start + i, all.size()));
            if (member.session().owner() == null) {
                absent = absent == null ? member : absent;
                continue;
            }
            int waiting = member.session().outbound().waiting();
            if (waiting < KEEPS_UP) {
                return member;
            }
            if (waiting < leastWaiting) {
                least = member;
                leastWaiting = waiting;
            }
        }
        boolean canWait =
                message.qos() > 0 && absent != null && absent.subscription().qos() > 0;
        return least != null ? least : canWait ? absent : null;
    }

    @Override
    public String toString() {
        return "ShareGroup[" + name + "]";
    }
}
