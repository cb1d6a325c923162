package io.waymark.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.session.InboundQos2.Receipt;
import io.waymark.gateway.session.InboundQos2.Release;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundQos2Test {
    private final InboundQos2 inbound = new InboundQos2();
    private final List<Boolean> told = new ArrayList<>();

    private Receipt publish(int id) {
        return inbound.publish(id, told::add);
    }

    @Test
    void aRepeatedPublishIsADuplicateUntilItIsReleased() {
        assertThat(publish(7)).isEqualTo(Receipt.NEW);
        inbound.stored(7);
        assertThat(publish(7)).isEqualTo(Receipt.STORED);
        assertThat(inbound.release(7)).isEqualTo(Release.RELEASING);
        inbound.released(7);
        assertThat(inbound.size()).isZero();
        assertThat(publish(7)).isEqualTo(Receipt.NEW);
    }

    @Test
    void aDuplicateOfAMessageBeingWrittenWaitsForIt() {
        publish(7);
        assertThat(publish(7)).isEqualTo(Receipt.STORING);
        assertThat(told).isEmpty();
        inbound.stored(7);
        assertThat(told).containsExactly(true);
    }

    @Test
    void aFailedWriteFreesTheIdentifierAndTellsWhoWaits() {
        publish(7);
        publish(7);
        inbound.failed(7);
        assertThat(told).containsExactly(false);
        assertThat(publish(7)).isEqualTo(Receipt.NEW);
    }

    @Test
    void releaseIsWrittenAgainAsLongAsItIsNotDurable() {
        inbound.restore(7);
        assertThat(inbound.release(7)).isEqualTo(Release.RELEASING);
        assertThat(inbound.release(7)).isEqualTo(Release.RELEASING);
        inbound.released(7);
        assertThat(inbound.release(7)).isEqualTo(Release.UNKNOWN);
    }

    @Test
    void aLateReleaseDoesNotForgetTheNextMessage() {
        inbound.restore(7);
        inbound.release(7);
        assertThat(publish(7)).isEqualTo(Receipt.NEW);
        inbound.released(7);
        assertThat(publish(7)).as("still being written").isEqualTo(Receipt.STORING);
    }

    @Test
    void releaseBeforeTheMessageIsStoredIsTooEarly() {
        publish(7);
        assertThat(inbound.release(7)).isEqualTo(Release.TOO_EARLY);
    }
}
