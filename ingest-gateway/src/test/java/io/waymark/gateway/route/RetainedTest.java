package io.waymark.gateway.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.storage.retained.RetainedChange;
import org.junit.jupiter.api.Test;

/** What a topic holds while several of its messages are being written. */
class RetainedTest {
    private static final String TOPIC = "plant/line";

    private final Retained retained = new Retained(10, 10_000);

    @Test
    void anOlderCommitDoesNotBringBackWhatANewerMessageClearedAhead() {
        LiveMessage old = message("old");
        LiveMessage clear = message("");
        retained.ahead(old, change(old));
        retained.ahead(clear, change(clear));

        retained.durable(old, change(old));
        assertThat(retained.get(TOPIC)).isNull();

        retained.durable(clear, change(clear));
        assertThat(retained.get(TOPIC)).isNull();
        assertThat(retained.size()).isZero();
        assertThat(retained.octets()).isZero();
    }

    @Test
    void anOlderCommitDoesNotReplaceANewerMessageAhead() {
        LiveMessage old = message("old");
        LiveMessage young = message("young");
        retained.ahead(young, change(young));

        retained.durable(old, change(old));

        assertThat(retained.get(TOPIC)).isSameAs(young);
    }

    @Test
    void whatCommitsBehindTheMessageAheadReplacesIt() {
        LiveMessage ahead = message("same");
        LiveMessage later = message("same");
        retained.ahead(ahead, change(ahead));
        retained.durable(ahead, change(ahead));

        retained.durable(later, change(later));

        assertThat(retained.get(TOPIC)).isSameAs(later);
        assertThat(retained.size()).isEqualTo(1);
    }

    @Test
    void aMessageAheadThatIsNotWrittenGivesItsTopicBackToWhatIsDurable() {
        LiveMessage old = message("old");
        LiveMessage lost = message("lost");
        retained.ahead(lost, change(lost));
        retained.durable(old, change(old));

        retained.failed(lost);

        assertThat(retained.get(TOPIC)).isSameAs(old);
        assertThat(retained.octets()).isEqualTo(old.weight());
    }

    @Test
    void aMessageThatIsNotWrittenLeavesTheNewerOneAhead() {
        LiveMessage lost = message("lost");
        LiveMessage young = message("young");
        retained.ahead(lost, change(lost));
        retained.ahead(young, change(young));

        retained.failed(lost);

        assertThat(retained.get(TOPIC)).isSameAs(young);
    }

    private static LiveMessage message(String payload) {
        return new LiveMessage(TOPIC, 0, true, MessageProperties.NONE, LiveMessage.NEVER, payload.getBytes(UTF_8));
    }

    private static RetainedChange change(LiveMessage message) {
        return new RetainedChange(message.topic(), message.payload().length == 0 ? null : message.payload());
    }
}
