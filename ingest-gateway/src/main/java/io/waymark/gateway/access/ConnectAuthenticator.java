package io.waymark.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks user name and password. Argon2id is slow on purpose, so it runs on a few threads behind a bounded queue; a password
 * just found right is remembered for a while under a keyed hash of user, password and stored hash, so that a reconnecting device
 * costs microseconds and a rotated or deleted one is never let in by memory. An unknown user costs what a known one costs.
 */
public final class ConnectAuthenticator implements AutoCloseable {
    /** Most connects waiting to be looked up. */
    public static final int LOOKUPS_MAX = 8_192;
    /** Most connects waiting to be hashed: some seconds' worth. */
    public static final int HASHES_MAX = 256;

    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int REMEMBERED_MAX = 200_000;
    private static final Logger LOG = LoggerFactory.getLogger(ConnectAuthenticator.class);

    private final DeviceStore devices;
    private final ThreadPoolExecutor lookups;
    private final ThreadPoolExecutor hashes;
    private final Cache<ByteBuffer, Boolean> verified;
    private final SecretKeySpec cacheKey;
    private final String nobody = PasswordHash.ofNobody();
    private final Timer hashing;
    private final Counter remembered;

    /**
     * @param devices who exists
     * @param hashThreads most passwords hashed at once
     * @param metrics gets {@code waymark.gateway.auth.*}
     */
    public ConnectAuthenticator(DeviceStore devices, int hashThreads, MeterRegistry metrics) {
        this(devices, hashThreads, LOOKUPS_MAX, HASHES_MAX, metrics);
    }

    /** With other bounds, for tests. */
    ConnectAuthenticator(DeviceStore devices, int hashThreads, int lookupsMax, int hashesMax, MeterRegistry metrics) {
        this.devices = devices;
        this.lookups = pool("gateway-auth-lookup", 1, lookupsMax);
        this.hashes = pool("gateway-auth-hash", hashThreads, hashesMax);
        this.verified = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfterWrite(REMEMBERED)
                .build();
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        this.cacheKey = new SecretKeySpec(key, "HmacSHA256");
        this.hashing = Timer.builder("waymark.gateway.auth.hash")
                .description("one Argon2id check")
                .register(metrics);
        this.remembered = Counter.builder("waymark.gateway.auth.remembered")
                .description("connects accepted without hashing again")
                .register(metrics);
        Gauge.builder(
                        "waymark.gateway.auth.queue",
                        () -> lookups.getQueue().size() + hashes.getQueue().size())
                .description("connects waiting for their credentials to be checked")
                .register(metrics);
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queueMax) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queueMax), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Checks the credentials.
     *
     * @param password borrowed until told; not changed
     * @param told on a thread of this class, or on the calling one with {@code BUSY}; exactly once
     */
    public void authenticate(String user, byte[] password, Consumer<Verdict> told) {
        try {
            lookups.execute(() -> lookUp(user, password, told));
        } catch (RejectedExecutionException e) {
            told.accept(Verdict.BUSY);
        }
    }

    private void lookUp(String user, byte[] password, Consumer<Verdict> told) {
        Optional<Device> device;
        ByteBuffer memory;
        try {
            device = password.length > PasswordHash.PASSWORD_OCTETS_MAX ? Optional.empty() : devices.find(user);
            memory = memory(user, password, device.map(Device::passwordHash).orElse(nobody));
        } catch (RuntimeException | GeneralSecurityException e) {
            LOG.error("credentials of {} could not be looked up", user, e);
            told.accept(Verdict.FAILED);
            return;
        }
        if (device.isPresent() && verified.getIfPresent(memory) != null) {
            remembered.increment();
            told.accept(accepted(device.get()));
            return;
        }
        try {
            hashes.execute(() -> hash(device, password, memory, told));
        } catch (RejectedExecutionException e) {
            told.accept(Verdict.BUSY);
        }
    }

    private void hash(Optional<Device> device, byte[] password, ByteBuffer memory, Consumer<Verdict> told) {
        Verdict verdict;
        try {
            long begin = System.nanoTime();
            boolean right = PasswordHash.matches(
                    password, device.map(Device::passwordHash).orElse(nobody));
            hashing.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            if (right && device.isPresent()) {
                verified.put(memory, Boolean.TRUE);
            }
            verdict = right && device.isPresent() ? accepted(device.get()) : Verdict.WRONG;
        } catch (RuntimeException e) {
            LOG.error(
                    "the stored password hash of {} cannot be checked",
                    device.map(Device::id).orElse("nobody"),
                    e);
            verdict = Verdict.FAILED;
        }
        told.accept(verdict);
    }

    private static Verdict accepted(Device device) {
        return device.enabled() ? Verdict.ACCEPTED : Verdict.DISABLED;
    }

    private ByteBuffer memory(String user, byte[] password, String storedHash) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(cacheKey);
        byte[] name = user.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(8)
                .putInt(name.length)
                .putInt(password.length)
                .flip());
        mac.update(name);
        mac.update(password);
        mac.update(storedHash.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(mac.doFinal());
    }

    /** Stops checking; what waits is never told. */
    @Override
    public void close() {
        lookups.shutdownNow();
        hashes.shutdownNow();
    }
}
