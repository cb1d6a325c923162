package io.waymark.gateway.session;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgements one connection still owes, in the order in which their packets came. Writes to the spool may be settled
 * in another order; only the settled prefix is released, so PUBACK and PUBREC leave in PUBLISH order and PUBCOMP in PUBREL order.
 * Event loop of the connection only.
 *
 * @see "MQTT-4.6.0-2, MQTT-4.6.0-3"
 */
public final class AckRing {
    private static final int SLOTS_AT_FIRST = 16;

    private @Nullable Ack[] slots = new @Nullable Ack[SLOTS_AT_FIRST];
    private boolean[] settled = new boolean[SLOTS_AT_FIRST];
    private long head;
    private long tail;

    /** Owed acknowledgements. */
    public int size() {
        return (int) (tail - head);
    }

    /** Takes the next place for an acknowledgement of this type; the token settles it. */
    public long owe(PacketType type, int packetId) {
        if (size() == slots.length) {
            grow();
        }
        long token = tail++;
        slots[index(token)] = new Ack(type, packetId, ReasonCode.SUCCESS);
        settled[index(token)] = false;
        return token;
    }

    /** The outcome is known; a token already settled keeps its first outcome. */
    public void settle(long token, ReasonCode reason) {
        if (token < head || token >= tail) {
            throw new IllegalStateException("token must be in " + head + ".." + (tail - 1) + " but was " + token);
        }
        int at = index(token);
        Ack owed = slots[at];
        if (owed != null && !settled[at]) {
            settled[at] = true;
            if (reason != ReasonCode.SUCCESS) {
                slots[at] = new Ack(owed.type(), owed.packetId(), reason);
            }
        }
    }

    /** Removes and returns the next acknowledgement that may leave now, or null. */
    public @Nullable Ack poll() {
        int at = index(head);
        if (head == tail || !settled[at]) {
            return null;
        }
        Ack ack = slots[at];
        slots[at] = null;
        head++;
        return ack;
    }

    private int index(long token) {
        return (int) (token & (slots.length - 1));
    }

    private void grow() {
        int from = index(head);
        int count = slots.length;
        @Nullable Ack[] more = new @Nullable Ack[count * 2];
        boolean[] moreSettled = new boolean[count * 2];
        for (int i = 0; i < count; i++) {
            int to = (int) ((head + i) & (more.length - 1));
            more[to] = slots[(from + i) & (count - 1)];
            moreSettled[to] = settled[(from + i) & (count - 1)];
        }
        slots = more;
        settled = moreSettled;
    }
}
