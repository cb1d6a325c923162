package io.waymark.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All devices come back at the same time. */
class ReconnectStormTest {
    private static final int DEVICES = 2_000;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /** Cheap, so that the test does not take minutes: how often one is hashed does not depend on what it costs. */
    private static String cheapHash(String password, byte salt) {
        byte[] octets = new byte[16];
        octets[0] = salt;
        return Argon2Function.getInstance(8, 1, 1, 16, Argon2.ID)
                .hash(password.getBytes(UTF_8), octets)
                .getResult();
    }

    private static String password(int device) {
        return "password-" + device % 50;
    }

    private long hashed() {
        return metrics.get("waymark.gateway.auth.hash").timer().count();
    }

    private static Map<Verdict.Kind, Integer> storm(ConnectAuthenticator authenticator) throws InterruptedException {
        Map<Verdict.Kind, Integer> verdicts = new ConcurrentHashMap<>();
        CountDownLatch told = new CountDownLatch(DEVICES);
        for (int i = 0; i < DEVICES; i++) {
            authenticator.authenticate("device-" + i, password(i).getBytes(UTF_8), () -> true, verdict -> {
                verdicts.merge(verdict.kind(), 1, Integer::sum);
                told.countDown();
            });
        }
        assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        return verdicts;
    }

    @Test
    void twoThousandKnownDevicesComeBackWithoutAHash() throws Exception {
        String[] hashes = new String[50];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = cheapHash(password(i), (byte) i);
        }
        try (DeviceStore store = DeviceStore.open(directory, metrics);
                ConnectAuthenticator authenticator = new ConnectAuthenticator(store, 2, 4_000, 4_000, metrics)) {
            for (int i = 0; i < DEVICES; i++) {
                store.put(new Device("device-" + i, hashes[i % 50], "default", true, 0));
            }
            assertThat(storm(authenticator)).isEqualTo(Map.of(Verdict.Kind.ACCEPTED, DEVICES));
            assertThat(hashed()).as("the first time each is hashed").isEqualTo(DEVICES);
            long begin = System.nanoTime();
            assertThat(storm(authenticator)).isEqualTo(Map.of(Verdict.Kind.ACCEPTED, DEVICES));
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin))
                    .isLessThan(10);
            assertThat(hashed()).as("the second time none is").isEqualTo(DEVICES);
            assertThat(metrics.get("waymark.gateway.auth.remembered").counter().count())
                    .isEqualTo(DEVICES);
        }
    }
}
