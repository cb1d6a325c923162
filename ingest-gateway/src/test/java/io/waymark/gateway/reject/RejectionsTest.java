package io.waymark.gateway.reject;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RejectionsTest {
    private static final int WAITING_MAX = 4_096;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<SpoolMessage> spooled = new ArrayList<>();
    private final ArrayDeque<Spool.Completion> open = new ArrayDeque<>();
    private Spool.Offer answer = Spool.Offer.ACCEPTED;

    private Rejections rejections(RejectionLimits limits) {
        return new Rejections(limits, "rejected", "gw", this::offer, metrics);
    }

    private Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
        if (answer == Spool.Offer.ACCEPTED) {
            spooled.add(Objects.requireNonNull(write.message()));
            open.add(completion);
        }
        return answer;
    }

    private static RejectionLimits limits(RejectionLimits.Whose whose, int messages, int payload) {
        return new RejectionLimits(whose, messages, 1 << 20, payload, WAITING_MAX);
    }

    private static RefusedMessage refused(String group, boolean proven, String payload, String... properties) {
        return new RefusedMessage(
                "not_authorized",
                "topic x is not for it",
                "oven-1",
                group,
                proven,
                "secret/x",
                1,
                17,
                "text/plain",
                List.of(properties),
                payload.getBytes(StandardCharsets.UTF_8));
    }

    private double counted(String outcome) {
        return metrics.find("waymark.gateway.rejected").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private double waiting() {
        return metrics.get("waymark.gateway.rejected.waiting.bytes").gauge().value();
    }

    @Test
    void keepsContentWithWhatItWouldHaveHadAndTheReasonCountedAsUnacknowledged() {
        rejections(limits(RejectionLimits.Whose.AUTHENTICATED, 10, 100)).keep(refused("hall", true, "21.5", "k", "v"));
        open.remove().durable(1);
        assertThat(spooled).singleElement().satisfies(entry -> {
            assertThat(entry.deviceId()).isEqualTo("oven-1");
            assertThat(entry.topic()).isEqualTo("$kafka/rejected");
            assertThat(entry.group()).isEqualTo("hall");
            assertThat(entry.qos()).as("nobody was told it was taken").isZero();
            assertThat(entry.payload()).asString(StandardCharsets.UTF_8).isEqualTo("21.5");
            assertThat(entry.contentType()).isEqualTo("text/plain");
            assertThat(entry.properties())
                    .containsSubsequence("ce_subject", "secret/x")
                    .containsSubsequence("wm_qos", "1")
                    .containsSubsequence("wm_reason", "not_authorized")
                    .containsSubsequence("wm_detail", "topic x is not for it")
                    .containsSubsequence("wm_rejected_by", "/waymark/gateway/gw")
                    .containsSubsequence("wm_prop_k", "v");
        });
        assertThat(counted("kept")).isEqualTo(1);
    }

    @Test
    void aPayloadTooLongIsCutAndItsLengthTold() {
        rejections(limits(RejectionLimits.Whose.ALL, 10, 3)).keep(refused("hall", false, "21.5"));
        assertThat(spooled.get(0).payload()).asString(StandardCharsets.UTF_8).isEqualTo("21.");
        assertThat(spooled.get(0).properties()).containsSubsequence("wm_octets", "4");
    }

    @Test
    void whoHasProvedNothingIsOnlyCountedUnlessSetOtherwise() {
        rejections(limits(RejectionLimits.Whose.AUTHENTICATED, 10, 100)).keep(refused("anonymous", false, "x"));
        rejections(limits(RejectionLimits.Whose.NONE, 10, 100)).keep(refused("hall", true, "x"));
        assertThat(spooled).isEmpty();
        assertThat(counted("not_wanted")).isEqualTo(2);
        rejections(limits(RejectionLimits.Whose.ALL, 10, 100)).keep(refused("anonymous", false, "x"));
        assertThat(spooled).hasSize(1);
    }

    @Test
    void aGroupThatFloodsKeepsAFewOfItsOwnAndTakesNothingFromOthers() {
        Rejections rejections = rejections(new RejectionLimits(RejectionLimits.Whose.ALL, 2, 1 << 30, 10, 1 << 30));
        for (int i = 0; i < 1_000; i++) {
            rejections.keep(refused("hall", true, "x"));
        }
        // a burst of a second's worth, one that is owed, and what a slow run of this loop earns
        assertThat(spooled).hasSizeBetween(2, 50);
        assertThat(counted("rate")).isEqualTo(1_000 - spooled.size());
        int before = spooled.size();
        rejections.keep(refused("other", true, "x"));
        assertThat(spooled).hasSize(before + 1);
    }

    @Test
    void whatWaitsForKafkaIsBoundedAndMakesRoomWhenItIsThere() {
        Rejections rejections = rejections(limits(RejectionLimits.Whose.ALL, 1_000, 1_000));
        String large = "x".repeat(1_000);
        for (int i = 0; i < 10; i++) {
            rejections.keep(refused("g" + i, true, large));
        }
        int kept = spooled.size();
        assertThat(kept).isEqualTo(WAITING_MAX / (large.length() + "secret/x".length() + 512));
        assertThat(counted("waiting_bytes")).isEqualTo(10 - kept);
        for (int position = 1; position <= kept; position++) {
            open.remove().durable(position);
        }
        rejections.forwarded(1);
        rejections.keep(refused("again", true, large));
        assertThat(spooled).hasSize(kept + 1);
        rejections.forwarded(kept + 1);
        open.remove().durable(kept + 1);
        assertThat(waiting()).as("what Kafka had before it was told here").isZero();
    }

    @Test
    void withoutRoomOrDiskItIsCountedAndHoldsNothing() {
        Rejections rejections = rejections(limits(RejectionLimits.Whose.ALL, 10, 100));
        answer = Spool.Offer.FULL;
        assertThat(rejections.keep(refused("hall", true, "x"), NEVER)).isFalse();
        answer = Spool.Offer.ACCEPTED;
        rejections.keep(refused("hall", true, "x"));
        open.remove().failed(new IllegalStateException("no disk"));
        assertThat(counted("spool_full")).isEqualTo(1);
        assertThat(counted("write_failed")).isEqualTo(1);
        assertThat(waiting()).isZero();
    }

    @Test
    void whatIsTooLongForTheSpoolIsCut() {
        String huge = "\u4e2d".repeat(65_535);
        RefusedMessage refused = new RefusedMessage(
                "bad_topic", huge, huge, "g", true, huge, 0, 1, huge, List.of(huge, huge), new byte[0]);
        SpoolMessage entry = new RejectedEntries("rejected", "gw", 10).of(refused);
        assertThat(entry.properties())
                .allSatisfy(text ->
                        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(65_535));
        assertThat(entry.deviceId()).hasSize(256);
        assertThat(entry.contentType().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(65_535);
        assertThat(entry.properties()).hasSize(12);
    }

    private static final Spool.Completion NEVER = new Spool.Completion() {
        @Override
        public void durable(long position) {
            throw new AssertionError("not kept");
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError("not kept", cause);
        }
    };
}
