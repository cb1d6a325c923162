package io.waymark.gateway.server;

import io.waymark.gateway.packet.Ack;
import java.util.BitSet;

/**
 * How many messages of one client are unacknowledged, of those it was granted. One of QoS 2 counts until its PUBCOMP, however often
 * it is repeated. Event loop only.
 *
 * @see "MQTT 5.0 §4.9 Flow Control"
 */
final class InboundCredit {
    private final int maximum;
    private final BitSet qos2 = new BitSet(0);
    private int open;

    InboundCredit(int maximum) {
        this.maximum = maximum;
    }

    int maximum() {
        return maximum;
    }

    /** One more; false when that is more than was granted. */
    boolean take() {
        open++;
        return open <= maximum;
    }

    /** Whether a QoS 2 message with this identifier counts already. */
    boolean holds(int packetId) {
        return qos2.get(packetId);
    }

    void hold(int packetId) {
        qos2.set(packetId);
    }

    /** An acknowledgement leaves. */
    void give(Ack ack) {
        switch (ack.type()) {
            case PUBACK -> open--;
            case PUBREC -> {
                if (ack.reason().isError()) {
                    letGo(ack.packetId());
                }
            }
            default -> letGo(ack.packetId());
        }
    }

    private void letGo(int packetId) {
        if (qos2.get(packetId)) {
            qos2.clear(packetId);
            open--;
        }
    }
}
