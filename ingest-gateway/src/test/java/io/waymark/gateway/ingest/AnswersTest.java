package io.waymark.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.storage.note.NoteChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final AtomicInteger early = new AtomicInteger();
    private final Map<String, byte[]> disk = new TreeMap<>();
    private Answers answers = answers();

    private Answers answers() {
        return new Answers(
                new IngestLimits(100, 10, 5, 3, Duration.ofSeconds(1), 1, Duration.ofSeconds(1)),
                early::incrementAndGet);
    }

    private static IngestRequest request(String device, String key) {
        return new IngestRequest(device, "g", "t", "", List.of(new byte[] {1}), key);
    }

    /** As if it had been written at that position. */
    private void answered(String device, String key, long nowMillis, long position) {
        IngestRequest request = request(device, key);
        Answers.Answer answer =
                answers.begin(request, Fingerprint.ofName(request), Fingerprint.ofContent(request), nowMillis);
        for (NoteChange change : answers.changes(answer, nowMillis)) {
            String name = new String(change.key(), java.nio.charset.StandardCharsets.ISO_8859_1);
            byte[] value = change.value();
            if (value == null) {
                disk.remove(name);
            } else {
                if (change.positionAt() >= 0) {
                    java.nio.ByteBuffer.wrap(value).putLong(change.positionAt(), position);
                }
                disk.put(name, value);
            }
        }
        answers.accepted(answer, nowMillis);
        answer.settle(position);
    }

    private Receipt known(String device, String key, long nowMillis) {
        Answers.Answer found = answers.find(Fingerprint.ofName(request(device, key)), nowMillis);
        return found == null
                ? new Receipt(-1, 0, false)
                : Objects.requireNonNull(found.receipt().getNow(null));
    }

    @Test
    void theOldestGoWhenThereAreTooManyAndTheDiskFollows() {
        for (int i = 0; i < 8; i++) {
            answered("d" + i, "k", i, 10 + i);
        }
        assertThat(answers.size()).isEqualTo(5);
        assertThat(disk).hasSize(5);
        assertThat(early).hasValue(3);
        assertThat(known("d2", "k", 8).position()).isEqualTo(-1);
        assertThat(known("d3", "k", 8).position()).isEqualTo(13);
    }

    @Test
    void aDeviceThatNamesVeryManyRequestsForgetsItsOwn() {
        answered("quiet", "k", 0, 1);
        for (int i = 0; i < 50; i++) {
            answered("loud", "k" + i, i, 100 + i);
        }
        assertThat(known("quiet", "k", 50).position()).isEqualTo(1);
        assertThat(known("loud", "k49", 50).position()).isEqualTo(149);
        assertThat(known("loud", "k46", 50).position()).isEqualTo(-1);
        assertThat(disk).hasSize(4);
    }

    @Test
    void whatIsTooOldIsAsIfItHadNeverBeenAndIsNotCounted() {
        answered("d", "k", 0, 1);
        assertThat(known("d", "k", 999).position()).isEqualTo(1);
        assertThat(known("d", "k", 1_000).position()).isEqualTo(-1);
        answered("e", "k", 1_000, 2);
        assertThat(disk).hasSize(1);
        assertThat(early).hasValue(0);
    }

    @Test
    void afterARestartTheyAreKnownInTheirOrder() {
        for (int i = 0; i < 5; i++) {
            answered("d" + i, "k", 10 - i, i);
        }
        Map<String, byte[]> kept = Map.copyOf(disk);
        answers = answers();
        kept.forEach(
                (key, value) -> answers.restore(key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), value));
        answers.restored();
        assertThat(known("d0", "k", 20).position()).isZero();
        answered("new", "k", 20, 9);
        assertThat(known("d4", "k", 20).position()).as("the oldest").isEqualTo(-1);
        assertThat(known("d0", "k", 20).position()).isZero();
        assertThatThrownBy(() -> answers.restore(new byte[17], new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3");
    }

    @Test
    void onesThatAreNotWrittenAreForgotten() {
        IngestRequest request = request("d", "k");
        Answers.Answer answer = answers.begin(request, Fingerprint.ofName(request), Fingerprint.ofContent(request), 0);
        answers.abandon(answer);
        assertThat(answers.size()).isZero();
        assertThat(known("d", "k", 0).position()).isEqualTo(-1);
    }
}
