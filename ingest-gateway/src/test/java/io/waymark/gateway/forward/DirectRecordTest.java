package io.waymark.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.packet.Topics;
import io.waymark.storage.spool.SpoolMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectRecordTest {
    @Test
    void noClientMayPublishWhatWouldPassForOne() {
        SpoolMessage own = DirectRecord.of(DirectRecord.PRESENCE, "d", "$waymark", 0, "", List.of(), new byte[0]);
        assertThat(DirectRecord.isDirect(own)).isTrue();
        assertThat(Topics.isReserved(own.topic())).isTrue();
        assertThat(Topics.isReserved("$kafka")).isTrue();
        assertThat(Topics.isReserved("$kafkaesque/t")).isFalse();
        assertThat(Topics.isReserved("plant/$kafka/t")).isFalse();
    }
}
