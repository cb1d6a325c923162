package io.waymark.storage.crash;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolConfig;
import io.waymark.storage.spool.SpoolMessage;
import io.waymark.storage.spool.SpoolWrite;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Offers numbered messages for ever and prints what was acknowledged: {@code M number position} for a message (even
 * numbers bring a QoS 2 identifier), {@code R number} when the identifier of a message was released again.
 */
final class SpoolingProcess {
    private static final int CLIENT_SPAN = 1_000;
    private static final int TRIM_BEHIND = 20_000;

    private final Spool spool;
    private final PrintStream out;

    private SpoolingProcess(Spool spool, PrintStream out) {
        this.spool = spool;
        this.out = out;
    }

    public static void main(String[] args) {
        SpoolConfig config = new SpoolConfig(Path.of(args[0]), 1L << 30, 2_000, 500, Duration.ZERO);
        Spool spool = Spool.open(config, new SimpleMeterRegistry());
        new SpoolingProcess(spool, System.out).offerFrom(Integer.parseInt(args[1]), new Random());
    }

    static String client(int number) {
        return "client-" + number / CLIENT_SPAN;
    }

    static int packetId(int number) {
        return 1 + number % CLIENT_SPAN;
    }

    static boolean isQos2(int number) {
        return number % 2 == 0;
    }

    static boolean isReleased(int number) {
        return number % 6 == 0;
    }

    private void offerFrom(int first, Random random) {
        for (int number = first; ; number++) {
            SpoolWrite write = new SpoolWrite(message(number, random), qos2(number));
            while (spool.offer(write, acknowledging(number)) != Spool.Offer.ACCEPTED) {
                Thread.onSpinWait();
            }
        }
    }

    private Spool.Completion acknowledging(int number) {
        return new Spool.Completion() {
            @Override
            public void durable(long position) {
                out.print("M " + number + " " + position + "\n");
                if (isReleased(number)) {
                    release(number);
                }
                if (position % 1_000 == 0 && position > TRIM_BEHIND) {
                    spool.trim(position - TRIM_BEHIND);
                }
            }

            @Override
            public void failed(Throwable cause) {
                fail(number);
            }
        };
    }

    /** Slowly: a full disk would else fill the claims. */
    private void fail(int number) {
        out.print("F " + number + "\n");
        LockSupport.parkNanos(1_000_000);
    }

    private void release(int number) {
        SessionWrite write = new SessionWrite.RemoveQos2(client(number), packetId(number));
        spool.offer(new SpoolWrite(null, write), new Spool.Completion() {
            @Override
            public void durable(long position) {
                out.print("R " + number + "\n");
            }

            @Override
            public void failed(Throwable cause) {
                fail(number);
            }
        });
    }

    private static SpoolMessage message(int number, Random random) {
        byte[] payload = (number + ":" + "x".repeat(random.nextInt(400))).getBytes(StandardCharsets.UTF_8);
        return new SpoolMessage("device", "topic", isQos2(number) ? 2 : 1, number, "", List.of(), payload);
    }

    private static @Nullable SessionWrite qos2(int number) {
        return isQos2(number) ? new SessionWrite.AddQos2(client(number), packetId(number)) : null;
    }
}
