package io.waymark.storage.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.note.NoteChange;
import io.waymark.storage.queue.QueueChange;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.queue.SessionQueue;
import io.waymark.storage.retained.RetainedChange;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import io.waymark.testing.MovableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes durable beside a message: queues of sessions and retained messages. */
class SpoolStateTest {
    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();
    private final MovableClock clock = new MovableClock();
    private final RecordedCompletions told = new RecordedCompletions();
    private Spool spool;
    private int writes;

    @BeforeEach
    void open() {
        spool = Spool.open(SpoolConfig.defaults(directory), new SimpleMeterRegistry(), clock, disk);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static QueueChange.Append append(SessionQueue queue, String head, String body) {
        return new QueueChange.Append(queue, octets(head), octets(body));
    }

    private static SpoolMessage message() {
        return new SpoolMessage("device", "a/b", 1, 17, "", List.of(), octets("payload"));
    }

    /** Returns when it is told. */
    private void write(SpoolWrite write) {
        int n = ++writes;
        assertThat(spool.offer(write, told.of(n))).isEqualTo(Spool.Offer.ACCEPTED);
        await().until(() -> told.count() == n);
    }

    private List<String> read(SessionQueue queue, long from) {
        return spool.readQueue(queue, from, 100, 1_000).stream()
                .map(e -> e.sequence() + ":" + new String(e.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> found() {
        List<String> found = new ArrayList<>();
        spool.queues((queue, sequence, value) ->
                found.add(queue + "/" + sequence + ":" + new String(value, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void aMessageAndItsCopiesAreDurableTogetherAndInOrder() {
        SessionQueue one = new SessionQueue(1);
        SessionQueue two = new SessionQueue(2);
        QueueChange.Append second = append(one, "c", "d");
        write(new SpoolWrite(message(), null, List.of(append(one, "a", "b"), append(two, "x", "b")), null));
        write(new SpoolWrite(message(), null, List.of(second), null));
        assertThat(second.sequence()).isEqualTo(2);
        assertThat(read(one, 1)).containsExactly("1:ab", "2:cd");
        assertThat(read(one, 2)).containsExactly("2:cd");
        assertThat(read(two, 1)).containsExactly("1:xb");
        close();
        open();
        assertThat(found()).containsExactly("1/1:ab", "1/2:cd", "2/1:xb");
    }

    @Test
    void entriesAreReplacedAndRemoved() {
        SessionQueue queue = new SessionQueue(5);
        write(SpoolWrite.ofQueues(List.of(append(queue, "a", ""), append(queue, "b", ""), append(queue, "c", ""))));
        write(SpoolWrite.ofQueues(List.of(
                new QueueChange.Replace(queue, 2, octets("held")), new QueueChange.Remove(queue, new long[] {1, 3}))));
        assertThat(read(queue, 1)).containsExactly("2:held");
    }

    @Test
    void aMarkIsToldOnceAtTheNextStartAndIsNoEntry() {
        SessionQueue queue = new SessionQueue(5);
        write(SpoolWrite.ofQueues(List.of(append(queue, "a", ""), append(queue, "b", ""), append(queue, "c", ""))));
        write(SpoolWrite.ofQueues(List.of(
                new QueueChange.Remove(queue, new long[] {1, 3}),
                new QueueChange.Mark(queue, 1),
                new QueueChange.Mark(new SessionQueue(6), 0))));
        assertThat(read(queue, 1)).containsExactly("2:b");
        close();
        open();
        List<String> marks = new ArrayList<>();
        QueueTable.Visitor visitor = new QueueTable.Visitor() {
            @Override
            public boolean visit(long number, long sequence, byte[] value) {
                marks.add("entry " + sequence);
                return true;
            }

            @Override
            public boolean marked(long number, long last, long sent) {
                marks.add(number + ": given " + last + ", sent " + sent);
                return true;
            }
        };
        spool.queues(visitor);
        spool.queues(visitor);
        assertThat(marks).containsExactly("5: given 3, sent 1", "entry 2", "entry 2");
    }

    @Test
    void readingIsBounded() {
        SessionQueue queue = new SessionQueue(5);
        for (int i = 0; i < 5; i++) {
            write(SpoolWrite.ofQueues(List.of(append(queue, "0123456789", ""))));
        }
        assertThat(spool.readQueue(queue, 1, 2, 1_000)).hasSize(2);
        assertThat(spool.readQueue(queue, 1, 100, 25)).hasSize(3);
        assertThat(spool.readQueue(queue, 6, 100, 25)).isEmpty();
    }

    @Test
    void aDeletedSessionTakesItsQueueAlongAndGetsNothingMore() {
        SessionQueue gone = new SessionQueue(1);
        SessionQueue other = new SessionQueue(2);
        write(SpoolWrite.ofQueues(List.of(append(gone, "a", ""), append(other, "a", ""))));
        write(new SpoolWrite(null, new SessionWrite.DeleteSession("client", gone)));
        QueueChange.Append late = append(gone, "late", "");
        write(SpoolWrite.ofQueues(List.of(late)));
        assertThat(late.sequence()).isZero();
        assertThat(found()).containsExactly("2/1:a");
    }

    @Test
    void queuesNobodyHasAreDroppedAtStart() {
        write(SpoolWrite.ofQueues(List.of(append(new SessionQueue(1), "a", ""), append(new SessionQueue(2), "b", ""))));
        spool.queues((queue, sequence, value) -> queue == 2);
        assertThat(found()).containsExactly("2/1:b");
    }

    @Test
    void whatAFailedCommitPutIntoQueuesIsTakenBack() {
        SessionQueue queue = new SessionQueue(1);
        write(SpoolWrite.ofQueues(List.of(append(queue, "a", ""))));
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING;
        write(new SpoolWrite(message(), null, List.of(append(queue, "failed", "")), null));
        assertThat(told.failed()).containsOnlyKeys(2);
        write(SpoolWrite.ofQueues(List.of(append(queue, "b", ""))));
        assertThat(read(queue, 1)).containsExactly("1:a", "3:b");
    }

    @Test
    void aTopicHoldsWhatWasWrittenLast() {
        write(new SpoolWrite(message(), null, List.of(), new RetainedChange("t/1", octets("old"))));
        write(new SpoolWrite(message(), null, List.of(), new RetainedChange("t/1", octets("new"))));
        write(new SpoolWrite(message(), null, List.of(), new RetainedChange("t/上", octets("x"))));
        write(new SpoolWrite(null, null, List.of(), new RetainedChange("t/上", null)));
        close();
        open();
        Map<String, String> retained = new TreeMap<>();
        spool.retained((topic, message) -> retained.put(topic, new String(message, StandardCharsets.UTF_8)));
        assertThat(retained).containsExactly(Map.entry("t/1", "new"));
    }

    @Test
    void readingAnEntryThatIsNotThereGivesNothing() {
        assertThat(spool.readQueue(new SessionQueue(9), 1, 10, 10)).isEqualTo(List.<QueueTable.Entry>of());
    }

    private Map<String, String> notes(char whose) {
        Map<String, String> notes = new TreeMap<>();
        spool.notes(
                (byte) whose,
                (key, value) ->
                        notes.put(new String(key, StandardCharsets.UTF_8), new String(value, StandardCharsets.UTF_8)));
        return notes;
    }

    private static NoteChange note(String key, String value, String before) {
        return new NoteChange(
                octets(key), value.isEmpty() ? null : octets(value), before.isEmpty() ? null : octets(before));
    }

    @Test
    void messagesOfOneWriteStandOneBehindTheOtherWithTheirNotes() {
        write(new SpoolWrite(message(), null));
        write(SpoolWrite.of(List.of(message(), message(), message()), List.of(note("k1", "at 2", ""))));
        write(new SpoolWrite(message(), null));
        write(SpoolWrite.of(List.of(), List.of(note("k2", "x", ""), note("k2", "", "x"), note("l1", "other's", ""))));
        assertThat(told.durable())
                .containsExactly(Map.entry(1, 1L), Map.entry(2, 2L), Map.entry(3, 5L), Map.entry(4, 0L));
        assertThat(spool.bytesHeld() % 5).isZero();
        long held = spool.bytesHeld();
        close();
        open();
        assertThat(spool.bytesHeld()).isEqualTo(held);
        assertThat(spool.read(1, 10, 1_000_000)).hasSize(5);
        assertThat(notes('k')).containsExactly(Map.entry("k1", "at 2"));
        assertThat(notes('l')).containsExactly(Map.entry("l1", "other's"));
        assertThat(notes('m')).isEmpty();
    }

    @Test
    void aNoteTellsThePositionOfItsMessage() {
        write(new SpoolWrite(message(), null));
        write(SpoolWrite.of(
                List.of(message(), message()), List.of(new NoteChange(octets("k1"), octets("at ________."), null, 3))));
        assertThat(notes('k')).containsExactly(Map.entry("k1", "at \0\0\0\0\0\0\0\2."));
    }

    @Test
    void notesOfAFailedCommitAreAsTheyWereBefore() {
        write(SpoolWrite.of(List.of(), List.of(note("k1", "old", ""))));
        disk.mode = FaultyDisk.Mode.FAILS_ONCE_AFTER_WRITING;
        write(SpoolWrite.of(
                List.of(message(), message()),
                List.of(note("k1", "new", "old"), note("k1", "newer", "new"), note("k2", "made", ""))));
        assertThat(told.failed()).containsOnlyKeys(2);
        write(new SpoolWrite(message(), null));
        assertThat(told.durable()).containsEntry(3, 1L);
        assertThat(notes('k')).containsExactly(Map.entry("k1", "old"));
    }
}
