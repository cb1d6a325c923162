package io.waymark.storage.bulk;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Memory for a few chunks, lent and given back: who wants one more waits. Any thread. */
final class Chunks {
    /** A chunk is handed on when it is larger. */
    static final int BYTES = 16 << 20;

    private final BlockingQueue<Octets> free = new LinkedBlockingQueue<>();

    /** @param count most chunks lent at once */
    Chunks(int count) {
        for (int i = 0; i < count; i++) {
            free.add(new Octets(0));
        }
    }

    Octets take() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BulkInterruptedException();
        }
    }

    void giveBack(Octets chunk) {
        chunk.truncate(0);
        free.add(chunk);
    }
}
