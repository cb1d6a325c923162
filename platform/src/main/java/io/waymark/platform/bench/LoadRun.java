package io.waymark.platform.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens the links of a plan, runs them on their threads, and takes the processes' CPU time at start and end of the measured part. */
final class LoadRun {
    /** Makes link number n of a run. */
    interface Links {
        /** @param n 0, 1, 2 … */
        Link open(int n) throws IOException;
    }

    /** Told about once a second while a run lasts; the caller's thread. */
    interface Progress {
        /**
         * @param secondsLeft until the end
         * @param warmingUp whether what happens now will be measured
         * @param perSecond answers in the last second
         */
        void at(double secondsLeft, boolean warmingUp, double perSecond);
    }

    private static final long TICK_NANOS = 1_000_000_000;
    private static final long OWN_PID = ProcessHandle.current().pid();

    private final LoadPlan plan;
    private final List<Long> serverPids;

    /** @param serverPids processes whose CPU time is the server's; may be empty */
    LoadRun(LoadPlan plan, List<Long> serverPids) {
        this.plan = plan;
        this.serverPids = List.copyOf(serverPids);
    }

    /** Blocks until the end. */
    LoadResult run(Links links, Progress progress) throws IOException, InterruptedException {
        ProcessCpu.seconds(serverPids); // a wrong pid is told now, not after the run
        List<Link> all = new ArrayList<>();
        try {
            for (int n = 0; n < plan.connections(); n++) {
                all.add(links.open(n));
            }
            return run(all, progress);
        } finally {
            for (Link link : all) {
                link.close();
            }
        }
    }

    private LoadResult run(List<Link> links, Progress progress) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(plan.threads(), LoadRun::thread);
        try {
            long start = System.nanoTime();
            List<Tally> tallies = new ArrayList<>();
            List<Future<Tally>> futures = new ArrayList<>();
            for (Callable<Tally> loop : loops(links, start, tallies)) {
                futures.add(threads.submit(loop));
            }
            long measureFrom = start + plan.warmup().toNanos();
            long end = measureFrom + plan.duration().toNanos();
            watch(futures, tallies, start, measureFrom, true, end, progress);
            double server = ProcessCpu.seconds(serverPids);
            double own = ProcessCpu.seconds(List.of(OWN_PID));
            watch(futures, tallies, measureFrom, end, false, end, progress);
            server = ProcessCpu.seconds(serverPids) - server;
            own = ProcessCpu.seconds(List.of(OWN_PID)) - own;
            return new LoadResult(plan, sum(futures), unanswered(links), server, own);
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private List<LoadLoop> loops(List<Link> links, long start, List<Tally> tallies) {
        List<LoadLoop> loops = new ArrayList<>();
        for (int t = 0; t < plan.threads(); t++) {
            List<Link> own = new ArrayList<>();
            for (int n = t; n < links.size(); n += plan.threads()) {
                own.add(links.get(n));
            }
            Tally tally = new Tally();
            tallies.add(tally);
            loops.add(new LoadLoop(own, plan, plan.rate() / plan.threads(), start, tally));
        }
        return loops;
    }

    /** Waits until the given instant, tells progress, and ends early with the error of a thread that has failed. */
    private static void watch(
            List<Future<Tally>> futures,
            List<Tally> tallies,
            long from,
            long until,
            boolean warmingUp,
            long end,
            Progress progress)
            throws IOException, InterruptedException {
        long last = from;
        long lastCount = count(tallies);
        for (long now = System.nanoTime(); now - until < 0; now = System.nanoTime()) {
            pause(futures, Math.min(TICK_NANOS, until - now));
            failed(futures);
            long at = System.nanoTime();
            long count = count(tallies);
            progress.at((end - at) * 1e-9, warmingUp, (count - lastCount) / ((at - last) * 1e-9));
            last = at;
            lastCount = count;
        }
    }

    private static long count(List<Tally> tallies) {
        return tallies.stream().mapToLong(Tally::progress).sum();
    }

    /** Waits; cut short when a thread that is still running ends. */
    private static void pause(List<Future<Tally>> futures, long nanos) throws InterruptedException {
        Future<Tally> running =
                futures.stream().filter(f -> !f.isDone()).findFirst().orElse(null);
        if (running == null) {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return;
        }
        try {
            running.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The usual case is that time is up; a failure is looked at by failed().
        }
    }

    private static void failed(List<Future<Tally>> futures) throws IOException, InterruptedException {
        for (Future<Tally> future : futures) {
            if (future.isDone()) {
                result(future);
            }
        }
    }

    private static Tally sum(List<Future<Tally>> futures) throws IOException, InterruptedException {
        Tally sum = new Tally();
        for (Future<Tally> future : futures) {
            sum.add(result(future));
        }
        return sum;
    }

    private static Tally result(Future<Tally> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("a load thread failed: " + e.getCause(), e.getCause());
        }
    }

    private static int unanswered(List<Link> links) {
        return links.stream().mapToInt(Link::inFlight).sum();
    }

    private static Thread thread(Runnable loop) {
        Thread thread = new Thread(loop, "waymark-bench");
        thread.setDaemon(true);
        return thread;
    }
}
