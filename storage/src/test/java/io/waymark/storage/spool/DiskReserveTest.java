package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskReserveTest {
    private long free = 1_000_000;
    private final DiskReserve reserve = new DiskReserve(Path.of("spool"), 100_000, () -> free);

    private DiskRoom roomWith(long usable, long nowMillis) {
        free = usable;
        reserve.look(nowMillis);
        return reserve.room();
    }

    @Test
    void warnsBeforeItIsReachedAndEndsOnlyWithSomeMoreRoomThanItBegan() {
        assertThat(roomWith(200_000, 0)).isEqualTo(DiskRoom.AMPLE);
        assertThat(roomWith(199_999, 100)).isEqualTo(DiskRoom.LOW);
        assertThat(roomWith(100_000, 200)).isEqualTo(DiskRoom.LOW);
        assertThat(roomWith(99_999, 300)).isEqualTo(DiskRoom.RESERVED);
        assertThat(roomWith(112_499, 400)).isEqualTo(DiskRoom.RESERVED);
        assertThat(roomWith(112_500, 500)).isEqualTo(DiskRoom.LOW);
        assertThat(roomWith(250_000, 600)).isEqualTo(DiskRoom.AMPLE);
    }

    @Test
    void looksTenTimesASecondAndSoonerWhenMuchWasWritten() {
        reserve.look(0);
        assertThat(roomWith(0, 99)).isEqualTo(DiskRoom.AMPLE);
        reserve.written(100_000 / 32);
        assertThat(roomWith(0, 99)).isEqualTo(DiskRoom.AMPLE);
        reserve.written(1);
        assertThat(roomWith(0, 99)).isEqualTo(DiskRoom.RESERVED);
    }

    @Test
    void whatIsTakenAndNotWrittenMayCostAQuarterOfItButOneMessageAlwaysHasRoomBeforeIt() {
        roomWith(150_000, 0);
        assertThat(reserve.hasRoom(37_500)).isTrue();
        assertThat(reserve.hasRoom(37_501)).isFalse();
        roomWith(100_000, 100);
        assertThat(reserve.hasRoom(0)).isTrue();
        roomWith(99_999, 200);
        assertThat(reserve.hasRoom(0)).isFalse();
    }

    @Test
    void whatIsWrittenCountsBeforeAnybodyLooks() {
        roomWith(150_000, 0);
        reserve.written(1_000);
        assertThat(reserve.usableBytes()).isEqualTo(148_000);
        assertThat(reserve.hasRoom(36_501)).isFalse();
    }

    @Test
    void withoutAReserveEverythingHasRoom() {
        AtomicInteger looks = new AtomicInteger();
        DiskReserve none = new DiskReserve(Path.of("spool"), 0, looks::getAndIncrement);
        none.look(0);
        none.written(1_000_000);
        none.look(99);
        assertThat(looks)
                .as("for the metric alone: when it is made, and ten times a second")
                .hasValue(2);
        assertThat(none.room()).isEqualTo(DiskRoom.AMPLE);
        assertThat(none.hasRoom(Long.MAX_VALUE / 4)).isTrue();
    }

    @Test
    void isAQuarterOfTheDiskAtMost(@TempDir Path directory) throws Exception {
        long disk = Files.getFileStore(directory).getTotalSpace();
        assertThat(DiskReserve.of(directory, Long.MAX_VALUE).bytes()).isEqualTo(disk / 4);
        assertThat(DiskReserve.of(directory, 1_000).bytes()).isEqualTo(1_000);
    }
}
