package io.waymark.gateway.route;

import io.waymark.gateway.packet.Subscription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions by topic filter, one node for each level. Any thread may match while another changes the tree; a match that
 * runs beside a change sees the change or does not.
 *
 * @param <S> a subscriber, with identity or equality of its own
 */
public final class TopicTree<S> {
    /** Deepest filter held; bounds the recursion of a match. */
    public static final int LEVELS_MAX = 256;

    private final Node<S> root = new Node<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Number of subscriptions held. */
    public int size() {
        return size.get();
    }

    /** Whether the filter has too many levels for this tree. */
    public static boolean isTooDeep(String filter) {
        int levels = 1;
        for (int i = 0; i < filter.length(); i++) {
            if (filter.charAt(i) == '/') {
                levels++;
            }
        }
        return levels > LEVELS_MAX;
    }

    /**
     * Adds or replaces the subscriber's subscription to this filter.
     *
     * @param subscription with a valid filter of at most {@link #LEVELS_MAX} levels
     * @return whether there was none before
     */
    public synchronized boolean put(S subscriber, Subscription subscription) {
        String filter = subscription.filter();
        Node<S> node = root;
        int start = 0;
        while (start <= filter.length()) {
            int end = levelEnd(filter, start);
            String level = filter.substring(start, end);
            if (level.equals("#")) {
                return counted(node.below().put(subscriber, subscription) == null);
            }
            node = node.child(level);
            start = end + 1;
        }
        return counted(node.here().put(subscriber, subscription) == null);
    }

    private boolean counted(boolean added) {
        if (added) {
            size.incrementAndGet();
        }
        return added;
    }

    /** Removes the subscription; false if there was none. */
    public synchronized boolean remove(S subscriber, String filter) {
        boolean removed = remove(root, subscriber, filter, 0);
        if (removed) {
            size.decrementAndGet();
        }
        return removed;
    }

    private static <S> boolean remove(Node<S> node, S subscriber, String filter, int start) {
        if (start > filter.length()) {
            return node.here != null && node.here.remove(subscriber) != null;
        }
        int end = levelEnd(filter, start);
        String level = filter.substring(start, end);
        if (level.equals("#")) {
            return node.below != null && node.below.remove(subscriber) != null;
        }
        Node<S> child = node.find(level);
        if (child == null || !remove(child, subscriber, filter, end + 1)) {
            return false;
        }
        if (child.isEmpty()) {
            node.drop(level);
        }
        return true;
    }

    /** Tells every subscription that matches the topic, in no order; a subscriber may come several times. */
    public void match(String topic, BiConsumer<? super S, ? super Subscription> visitor) {
        if (size.get() > 0) {
            match(root, topic, 0, visitor);
        }
    }

    private static <S> void match(
            Node<S> node, String topic, int start, BiConsumer<? super S, ? super Subscription> visitor) {
        // A wildcard in the first level does not see topics that begin with $ [MQTT-4.7.2-1].
        boolean wildcards = start > 0 || topic.isEmpty() || topic.charAt(0) != '$';
        if (wildcards && node.below != null) {
            node.below.forEach(visitor);
        }
        if (start > topic.length()) {
            if (node.here != null) {
                node.here.forEach(visitor);
            }
            return;
        }
        int end = levelEnd(topic, start);
        Node<S> exact = node.children == null ? null : node.children.get(topic.substring(start, end));
        if (exact != null) {
            match(exact, topic, end + 1, visitor);
        }
        Node<S> any = node.any;
        if (wildcards && any != null) {
            match(any, topic, end + 1, visitor);
        }
    }

    private static int levelEnd(String text, int start) {
        int slash = text.indexOf('/', start);
        return slash < 0 ? text.length() : slash;
    }

    /** Maps are made when first needed: most nodes are leaves. Fields are written under the tree's lock. */
    private static final class Node<S> {
        volatile @Nullable Map<String, Node<S>> children;
        volatile @Nullable Node<S> any;
        volatile @Nullable Map<S, Subscription> here;
        volatile @Nullable Map<S, Subscription> below;

        Map<S, Subscription> here() {
            Map<S, Subscription> map = here;
            if (map == null) {
                map = new ConcurrentHashMap<>(2);
                here = map;
            }
            return map;
        }

        Map<S, Subscription> below() {
            Map<S, Subscription> map = below;
            if (map == null) {
                map = new ConcurrentHashMap<>(2);
                below = map;
            }
            return map;
        }

        Node<S> child(String level) {
            Node<S> found = find(level);
            if (found != null) {
                return found;
            }
            Node<S> made = new Node<>();
            if (level.equals("+")) {
                any = made;
            } else {
                Map<String, Node<S>> map = children;
                if (map == null) {
                    map = new ConcurrentHashMap<>(2);
                    children = map;
                }
                map.put(level, made);
            }
            return made;
        }

        @Nullable
        Node<S> find(String level) {
            Map<String, Node<S>> map = children;
            return level.equals("+") ? any : map == null ? null : map.get(level);
        }

        void drop(String level) {
            Map<String, Node<S>> map = children;
            if (level.equals("+")) {
                any = null;
            } else if (map != null) {
                map.remove(level);
            }
        }

        boolean isEmpty() {
            return any == null && isEmpty(children) && isEmpty(here) && isEmpty(below);
        }

        private static boolean isEmpty(@Nullable Map<?, ?> map) {
            return map == null || map.isEmpty();
        }
    }
}
