package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ReasonCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckRingTest {
    private final AckRing ring = new AckRing();

    @Test
    void releasesOnlyTheSettledPrefix() {
        long first = ring.owe(PacketType.PUBACK, 1);
        long second = ring.owe(PacketType.PUBREC, 2);
        ring.settle(second, ReasonCode.SUCCESS);
        assertThat(ring.poll()).isNull();
        ring.settle(first, ReasonCode.SUCCESS);
        assertThat(ring.poll()).isEqualTo(new Ack(PacketType.PUBACK, 1, ReasonCode.SUCCESS));
        assertThat(ring.poll()).isEqualTo(new Ack(PacketType.PUBREC, 2, ReasonCode.SUCCESS));
        assertThat(ring.poll()).isNull();
        assertThat(ring.size()).isZero();
    }

    @Test
    void keepsTheFirstOutcome() {
        long token = ring.owe(PacketType.PUBACK, 1);
        ring.settle(token, ReasonCode.QUOTA_EXCEEDED);
        ring.settle(token, ReasonCode.SUCCESS);
        assertThat(ring.poll()).isEqualTo(new Ack(PacketType.PUBACK, 1, ReasonCode.QUOTA_EXCEEDED));
    }

    @Test
    void refusesTokensItDoesNotOwe() {
        assertThatThrownBy(() -> ring.settle(0, ReasonCode.SUCCESS)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheOrderOfOutcomesTheOrderOfPacketsIsKept(long seed) {
        Random random = new Random(seed);
        List<Long> open = new ArrayList<>();
        List<Integer> released = new ArrayList<>();
        int owed = 0;
        while (released.size() < 2_000) {
            if (owed < 2_000 && random.nextInt(3) > 0) {
                open.add(ring.owe(PacketType.PUBACK, owed++));
            } else if (!open.isEmpty()) {
                Collections.swap(open, random.nextInt(open.size()), open.size() - 1);
                ring.settle(open.remove(open.size() - 1), ReasonCode.SUCCESS);
            }
            for (Ack ack = ring.poll(); ack != null; ack = ring.poll()) {
                released.add(ack.packetId());
            }
        }
        assertThat(released).isSorted().doesNotHaveDuplicates();
    }
}
