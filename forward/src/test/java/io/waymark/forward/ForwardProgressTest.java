package io.waymark.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardProgressTest {
    @Test
    void isWrittenAsJsonAndReadBack() {
        ForwardProgress progress = new ForwardProgress("e\"1", 1L << 50, "run");
        assertThat(new String(progress.toJson(), UTF_8))
                .isEqualTo("{\"epoch\":\"e\\\"1\",\"position\":1125899906842624,\"instance\":\"run\"}");
        assertThat(ForwardProgress.fromJson(progress.toJson())).isEqualTo(progress);
        assertThat(ForwardProgress.fromJson("{\"epoch\":\"e\",\"position\":3}".getBytes(UTF_8)))
                .isEqualTo(new ForwardProgress("e", 3, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "{\"epoch\":1,\"position\":2}", "{\"epoch\":\"e\",\"position\":\"2\"}", "no"})
    void anythingElseIsRefused(String json) {
        assertThatThrownBy(() -> ForwardProgress.fromJson(json.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatExactlyOnceNeedsCannotBeConfiguredAway() {
        ForwardSettings settings = new ForwardSettings(
                "gw-1",
                "gateway-forwarder",
                "waymark.gateway.forward",
                Map.of("bootstrap.servers", "x:1", "acks", "0", "transactional.id", "other", "max.request.size", 10),
                "t",
                "p",
                10,
                Duration.ZERO,
                4 << 20);
        Map<String, Object> config = TransactionLink.config(settings);
        assertThat(config)
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "gw-1")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        assertThat(config.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)).isEqualTo((4 << 20) + 128 * 1024);
    }
}
