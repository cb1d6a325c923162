package io.waymark.storage.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.storage.commit.GroupCommit.Limits;
import io.waymark.storage.commit.GroupCommit.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private record Numbered(int thread, int number, long weight) implements GroupCommit.Write {}

    /** Keeps what it commits; can be held. */
    private static final class Journal implements GroupCommit.Work<Numbered> {
        final List<Numbered> committed = new ArrayList<>();
        final List<Integer> groups = new ArrayList<>();
        final AtomicInteger told = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicInteger housekeeping = new AtomicInteger();
        final Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);
        volatile boolean broken;
        volatile long nap = Long.MAX_VALUE;

        @Override
        public void commit(List<Numbered> group) {
            gate.acquireUninterruptibly();
            if (broken) {
                throw new AssertionError("broken on purpose");
            }
            synchronized (this) {
                committed.addAll(group);
                groups.add(group.size());
            }
        }

        @Override
        public void committed(List<Numbered> group) {
            told.addAndGet(group.size());
        }

        @Override
        public void failed(List<Numbered> group, Throwable cause) {
            failed.addAndGet(group.size());
        }

        @Override
        public long housekeeping() {
            housekeeping.incrementAndGet();
            return nap;
        }

        synchronized int count() {
            return committed.size();
        }
    }

    private final Journal journal = new Journal();

    @Test
    void commitsWhatEachThreadOfferedInItsOrderAndNothingElseHoweverItIsClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            Journal work = new Journal();
            GroupCommit<Numbered> commits = new GroupCommit<>("test", new Limits(64, 1_000, 16), work);
            List<Integer> accepted = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int id = t;
                accepted.add(0);
                Thread thread = new Thread(() -> {
                    int n = 0;
                    for (Taken taken = Taken.ACCEPTED; taken != Taken.CLOSED; ) {
                        taken = commits.offer(new Numbered(id, n, 1 + n % 3));
                        n += taken == Taken.ACCEPTED ? 1 : 0;
                    }
                    synchronized (accepted) {
                        accepted.set(id, n);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            await().pollInterval(Duration.ofMillis(1)).until(() -> work.count() > 200);
            commits.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(work.told.get()).isEqualTo(work.count());
            for (int t = 0; t < 4; t++) {
                int id = t;
                List<Integer> numbers = work.committed.stream()
                        .filter(w -> w.thread() == id)
                        .map(Numbered::number)
                        .toList();
                assertThat(numbers).hasSize(accepted.get(t));
                for (int i = 0; i < numbers.size(); i++) {
                    assertThat(numbers.get(i)).isEqualTo(i);
                }
            }
            assertThat(work.groups).allMatch(size -> size <= 16);
        }
    }

    @Test
    void boundsNumberAndWeight() {
        journal.gate.drainPermits();
        try (GroupCommit<Numbered> commits = new GroupCommit<>("test", new Limits(3, 100, 1), journal)) {
            assertThat(commits.offer(new Numbered(0, 0, 40))).isEqualTo(Taken.ACCEPTED);
            await().until(() -> commits.waiting() == 0);
            // The first is in the held commit and still weighs.
            assertThat(commits.offer(new Numbered(0, 1, 61))).isEqualTo(Taken.TOO_HEAVY);
            assertThat(commits.offer(new Numbered(0, 2, 58))).isEqualTo(Taken.ACCEPTED);
            assertThat(commits.offer(new Numbered(0, 3, 1))).isEqualTo(Taken.ACCEPTED);
            assertThat(commits.offer(new Numbered(0, 4, 1))).isEqualTo(Taken.ACCEPTED);
            assertThat(commits.offer(new Numbered(0, 5, 1))).isEqualTo(Taken.TOO_HEAVY);
            journal.gate.release(1);
            await().until(() -> journal.count() == 1 && commits.waiting() == 2);
            assertThat(commits.offer(new Numbered(0, 6, 1))).isEqualTo(Taken.ACCEPTED);
            assertThat(commits.offer(new Numbered(0, 7, 1))).isEqualTo(Taken.TOO_MANY);
            journal.gate.release(1_000);
        }
        assertThat(journal.committed).extracting(Numbered::number).containsExactly(0, 2, 3, 4, 6);
    }

    @Test
    void reportsAFailedGroupAndGoesOn() {
        try (GroupCommit<Numbered> commits = new GroupCommit<>("test", new Limits(10, 10, 10), journal)) {
            journal.broken = true;
            commits.offer(new Numbered(0, 0, 10));
            await().until(() -> journal.failed.get() == 1);
            journal.broken = false;
            await().until(() -> commits.offer(new Numbered(0, 1, 10)) == Taken.ACCEPTED);
        }
        assertThat(journal.committed).extracting(Numbered::number).containsExactly(1);
    }

    @Test
    void keepsHouseWhenWokenAndWhenItAskedTo() {
        try (GroupCommit<Numbered> commits = new GroupCommit<>("test", new Limits(10, 10, 10), journal)) {
            await().until(() -> journal.housekeeping.get() > 0);
            int before = journal.housekeeping.get();
            journal.nap = 1_000_000;
            commits.wake();
            await().until(() -> journal.housekeeping.get() > before + 3);
        }
    }
}
