package io.waymark.gateway.fault;

import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ingest.IngestRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Sends numbered messages as a client of HTTP does, three in a request, each request until it is taken. */
final class SteadyPoster {
    static final String GROUP = "posting";
    private static final int BATCH = 3;

    private final Supplier<IngestDoor> door;
    private final String id;
    private final boolean keys;
    private final int octets;
    private final Random random = new Random(20261122);
    private final Future<?> running;
    private volatile boolean finishing;
    private volatile int done;
    private volatile int refused;

    /**
     * @param door asked for with each request, for it is another after a restart
     * @param keys whether it sends idempotency keys
     * @param octets of each message, which no compression makes fewer
     */
    SteadyPoster(Supplier<IngestDoor> door, boolean keys, int octets, ExecutorService threads) {
        this.door = door;
        this.id = keys ? "posted-with-keys" : "posted";
        this.keys = keys;
        this.octets = octets;
        this.running = threads.submit(this::run);
    }

    /** Messages that were answered as taken; as many as it has sent when it has finished. */
    int done() {
        return done;
    }

    /** Requests that were told to come again later. */
    int refused() {
        return refused;
    }

    void finish() throws Exception {
        finishing = true;
        running.get();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private Void run() throws InterruptedException, ExecutionException {
        while (!finishing) {
            IngestRequest request = request(done);
            while (!isTaken(request)) {
                refused++;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            done += BATCH;
        }
        return null;
    }

    private IngestRequest request(int behind) {
        List<byte[]> payloads = IntStream.rangeClosed(behind + 1, behind + BATCH)
                .mapToObj(this::payload)
                .toList();
        return new IngestRequest(id, GROUP, "t/" + id, "text/plain", payloads, keys ? "after-" + behind : "");
    }

    private byte[] payload(int number) {
        byte[] content = new byte[octets];
        random.nextBytes(content);
        byte[] head = (id + ":" + number + ":").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, content, 0, head.length);
        return content;
    }

    private boolean isTaken(IngestRequest request) throws InterruptedException, ExecutionException {
        try {
            door.get().take(request).get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RejectedExecutionException) {
                return false;
            }
            throw e;
        }
    }
}
