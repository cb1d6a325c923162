package io.waymark.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.gateway.packet.MessageProperties;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredMessageTest {
    private static final long SECOND = 1_000_000_000L;
    private static final StoredMessage.Now NOW = new StoredMessage.Now(5 * SECOND, 1_000_000);

    private static final MessageProperties ALL =
            new MessageProperties(1, 10, "t/c", "re", new byte[] {7, 8}, List.of("a", "1", "a", "2"));

    private static final LiveMessage MESSAGE = new LiveMessage("上/b", 2, true, ALL, 15 * SECOND, new byte[] {1, 2, 3});

    @Test
    void isWrittenAsDrawn() {
        assertThat(HexFormat.of().formatHex(StoredMessage.encode(MESSAGE, NOW)))
                .isEqualTo(
                        ("01" // version
                                        + "2e" // payload format 1, expires, RETAIN, QoS 2
                                        + "00000000000f6950" // 1 010 000 ms
                                        + "0005e4b88a2f62" // topic
                                        + "0003742f63" // content type
                                        + "00027265" // response topic
                                        + "00020708" // correlation data
                                        + "0004" // user property strings
                                        + "000161000131000161000132"
                                        + "010203") // payload
                                .replace(" ", ""));
    }

    @Test
    void comesBackWithTheExpiryThatIsLeft() {
        StoredMessage.Now later = new StoredMessage.Now(900 * SECOND, 1_004_000);
        LiveMessage back = StoredMessage.decode(ByteBuffer.wrap(StoredMessage.encode(MESSAGE, NOW)), later);
        assertThat(back.topic()).isEqualTo("上/b");
        assertThat(back.qos()).isEqualTo(2);
        assertThat(back.retain()).isTrue();
        assertThat(back.payload()).containsExactly(1, 2, 3);
        MessageProperties sent = back.propertiesAt(later.nanos());
        assertThat(sent.expirySeconds()).isEqualTo(6);
        assertThat(sent.userProperties()).containsExactly("a", "1", "a", "2");
        assertThat(sent.correlation()).containsExactly(7, 8);
        assertThat(sent.payloadFormat()).isEqualTo(1);
        assertThat(back.isExpired(906 * SECOND - 1)).isFalse();
        assertThat(back.isExpired(906 * SECOND)).isTrue();
    }

    @Test
    void whatNeverExpiresStillDoesNot() {
        LiveMessage plain = new LiveMessage("a", 0, false, MessageProperties.NONE, LiveMessage.NEVER, new byte[0]);
        LiveMessage back = StoredMessage.decode(ByteBuffer.wrap(StoredMessage.encode(plain, NOW)), NOW);
        assertThat(back.expiresAtNanos()).isEqualTo(LiveMessage.NEVER);
        assertThat(back.propertiesAt(0).expirySeconds()).isEqualTo(-1);
        assertThat(back.payload()).isEmpty();
    }

    @Test
    void octetsCutShortAreRefused() {
        byte[] whole = StoredMessage.encode(MESSAGE, NOW);
        for (int length = 0; length < whole.length - 3; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> StoredMessage.decode(ByteBuffer.wrap(cut), NOW))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
