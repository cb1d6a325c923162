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
 * <pre>
 *   a slot: bits 0-15 packet identifier, 16-19 packet type, 20-27 reason code, 28 settled
 * </pre>
 *
 * @see "MQTT-4.6.0-2, MQTT-4.6.0-3"
 */
public final class AckRing {
    private static final int SLOTS_AT_FIRST = 8;
    private static final int TYPE_SHIFT = 16;
    private static final int REASON_SHIFT = 20;
    private static final int SETTLED = 1 << 28;

    private int[] slots = new int[SLOTS_AT_FIRST];
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
        slots[index(token)] = (packetId & 0xFFFF) | (type.code() << TYPE_SHIFT);
        return token;
    }

    /** The outcome is known; a token already settled keeps its first outcome. */
    public void settle(long token, ReasonCode reason) {
        if (token < head || token >= tail) {
            throw new IllegalStateException("token must be in " + head + ".." + (tail - 1) + " but was " + token);
        }
        int at = index(token);
        if ((slots[at] & SETTLED) == 0) {
            slots[at] |= SETTLED | (reason.code() << REASON_SHIFT);
        }
    }

    /** Removes and returns the next acknowledgement that may leave now, or null. */
    public @Nullable Ack poll() {
        if (head == tail) {
            return null;
        }
        int slot = slots[index(head)];
        if ((slot & SETTLED) == 0) {
            return null;
        }
        head++;
        return new Ack(
                PacketType.ofCode((slot >> TYPE_SHIFT) & 0xF), slot & 0xFFFF, reason((slot >> REASON_SHIFT) & 0xFF));
    }

    private static ReasonCode reason(int code) {
        ReasonCode reason = ReasonCode.ofCode(code);
        if (reason == null) {
            throw new IllegalStateException("a slot must hold a reason code but held " + code);
        }
        return reason;
    }

    private int index(long token) {
        return (int) (token & (slots.length - 1));
    }

    private void grow() {
        int from = index(head);
        int count = slots.length;
        int[] more = new int[count * 2];
        for (int i = 0; i < count; i++) {
            more[(int) ((head + i) & (more.length - 1))] = slots[(from + i) & (count - 1)];
        }
        slots = more;
    }
}
