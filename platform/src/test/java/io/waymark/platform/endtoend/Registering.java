package io.waymark.platform.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates, changes and removes records, one after the other, as fast as it is answered, and remembers what it was told. A record
 * whose last change was not answered is left alone from then on. One thread; what it remembers is read when it has ended.
 */
abstract class Registering implements AutoCloseable {
    private static final int DEEDS_PER_RECORD = 5;
    private static final long PAUSE_MILLIS = 200;

    private final String name;
    private final Random random;
    private final Map<String, List<Deed>> deeds = new LinkedHashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private int records;
    private int texts;

    Registering(String name, long seed) {
        this.name = name;
        this.random = new Random(seed);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Whether it was done; an exception if nobody knows. */
    abstract boolean create(String handle, String text) throws Exception;

    abstract boolean modify(String handle, String text) throws Exception;

    abstract boolean delete(String handle) throws Exception;

    void start() {
        thread.start();
    }

    int answered() {
        return answered.get();
    }

    /** Ends after the change under way. */
    void finish() throws InterruptedException {
        stop.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(60));
        if (thread.isAlive()) {
            throw new AssertionError(name + " does not end");
        }
    }

    /** Handle → what was asked, in order. */
    Map<String, List<Deed>> deeds() {
        return deeds;
    }

    List<String> refusals() {
        return refusals;
    }

    private void run() {
        try {
            while (stop.getCount() > 0) {
                String handle = RegistrationCrashIT.PREFIX + "/" + name + "-" + records++;
                if (!live(handle)) {
                    stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A record's life; false if it ended with silence. */
    private boolean live(String handle) {
        boolean there = false;
        for (int i = 0; i < DEEDS_PER_RECORD && stop.getCount() > 0; i++) {
            boolean delete = there && random.nextInt(3) == 0;
            if (!does(handle, delete ? "deleted" : there ? "modified" : "created")) {
                return false;
            }
            there = !delete;
        }
        return true;
    }

    private boolean does(String handle, String action) {
        String text = action.equals("deleted") ? "" : name + "." + texts++;
        List<Deed> mine = deeds.computeIfAbsent(handle, h -> new ArrayList<>());
        try {
            boolean done = switch (action) {
                case "created" -> create(handle, text);
                case "modified" -> modify(handle, text);
                default -> delete(handle);
            };
            if (done) {
                mine.add(new Deed(action, text, true));
                answered.incrementAndGet();
            }
            return done;
        } catch (Exception e) {
            mine.add(new Deed(action, text, false));
            return false;
        }
    }

    /** Notes why something was not done. */
    boolean refused(String why) {
        refusals.add(why);
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
