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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
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
    private volatile Rechecked rechecked = (id, now) -> {};
    private final Timer hashing;
    private final Counter remembered;
    private final Counter abandoned;

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
        this.abandoned = Counter.builder("waymark.gateway.auth.abandoned")
                .description("connects whose client had gone before its password was checked")
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

    /** What is asked, and whether anybody still waits for the answer. */
    private record Question(String user, byte[] password, BooleanSupplier wanted, Consumer<Verdict> told) {}

    /**
     * Checks the credentials.
     *
     * @param password borrowed until told; not changed
     * @param wanted asked on a thread of this class before anything costly: false once the client is gone, and then nobody is
     *     told and nothing hashed, so that connections that come and go cannot keep honest ones waiting
     * @param told on a thread of this class, or on the calling one with {@code BUSY}; once while wanted
     */
    public void authenticate(String user, byte[] password, BooleanSupplier wanted, Consumer<Verdict> told) {
        Question question = new Question(user, password, wanted, told);
        try {
            lookups.execute(() -> lookUp(question));
        } catch (RejectedExecutionException e) {
            told.accept(Verdict.of(Verdict.Kind.BUSY));
        }
    }

    /**
     * Which device a verified certificate stands for: the one that names it, else the one the settings say, unless that one
     * names others.
     *
     * @param told on a thread of this class, or on the calling one with {@code BUSY}; once
     */
    public void find(ShownCertificate shown, Consumer<Verdict> told) {
        try {
            lookups.execute(() -> told.accept(certified(shown)));
        } catch (RejectedExecutionException e) {
            told.accept(Verdict.of(Verdict.Kind.BUSY));
        }
    }

    private Verdict certified(ShownCertificate shown) {
        try {
            return named(shown.fingerprint())
                    .or(() -> named(shown.subject()))
                    .or(() -> bySetting(shown.bySetting()))
                    .orElse(Verdict.of(Verdict.Kind.WRONG));
        } catch (RuntimeException e) {
            LOG.error("the device of certificate {} could not be looked up", shown.fingerprint(), e);
            return Verdict.of(Verdict.Kind.FAILED);
        }
    }

    private Optional<Verdict> named(String certificate) {
        return devices.ofCertificate(certificate)
                .map(device -> Verdict.accepted(device, new Credential(Credential.Kind.CERTIFICATE, certificate)));
    }

    private Optional<Verdict> bySetting(String id) {
        Optional<Device> device = id.isEmpty() ? Optional.empty() : devices.find(id);
        Credential credential = new Credential(Credential.Kind.CERTIFICATE_BY_SETTING, "");
        return device.filter(credential::stillProves).map(known -> Verdict.accepted(known, credential));
    }

    /** Told what a device is now. */
    @FunctionalInterface
    public interface Rechecked {
        /** Null = there is none. */
        void told(String deviceId, @Nullable Device now);
    }

    /** Who is told by {@link #recheck}; once, before anybody connects. */
    public void listen(Rechecked listener) {
        rechecked = listener;
    }

    /** Looks a device up again, on a thread of this class, or on the calling one when too many wait: it must not be forgotten. */
    public void recheck(String deviceId) {
        try {
            lookups.execute(() -> lookUpAgain(deviceId));
        } catch (RejectedExecutionException e) {
            lookUpAgain(deviceId);
        }
    }

    private void lookUpAgain(String deviceId) {
        try {
            rechecked.told(deviceId, devices.find(deviceId).orElse(null));
        } catch (RuntimeException e) {
            LOG.error("device {} could not be looked up again; its connections stay as they are", deviceId, e);
        }
    }

    /** Told with the server-first-message, also for a device that does not exist. */
    @FunctionalInterface
    public interface Challenged {
        /** Verdict and message; the message is empty when nothing could be looked up. */
        void told(Verdict verdict, byte[] challenge);
    }

    /**
     * Looks up what the exchange needs of a device.
     *
     * @param exchange used on a thread of this class until told
     * @param told on a thread of this class, or on the calling one with {@code BUSY}; once
     */
    public void challenge(String deviceId, ScramExchange exchange, Challenged told) {
        try {
            lookups.execute(() -> {
                Optional<Device> device;
                try {
                    device = devices.find(deviceId);
                } catch (RuntimeException e) {
                    LOG.error("device {} could not be looked up", deviceId, e);
                    told.told(Verdict.of(Verdict.Kind.FAILED), new byte[0]);
                    return;
                }
                told.told(challenged(device), exchange.challenge(verifier(deviceId, device)));
            });
        } catch (RejectedExecutionException e) {
            told.told(Verdict.of(Verdict.Kind.BUSY), new byte[0]);
        }
    }

    private ScramVerifier verifier(String deviceId, Optional<Device> device) {
        return device.flatMap(known -> ScramVerifier.parse(known.scram()))
                .orElseGet(() -> ScramVerifier.ofNobody(deviceId, cacheKey.getEncoded()));
    }

    private static Verdict challenged(Optional<Device> device) {
        return device.map(known -> Verdict.accepted(known, new Credential(Credential.Kind.SCRAM, known.scram())))
                .orElse(Verdict.of(Verdict.Kind.WRONG));
    }

    private void lookUp(Question question) {
        if (isAbandoned(question)) {
            return;
        }
        Optional<Device> device;
        ByteBuffer memory;
        try {
            boolean tooLong = question.password().length > PasswordHash.PASSWORD_OCTETS_MAX;
            device = tooLong
                    ? Optional.empty()
                    : devices.find(question.user())
                            .filter(d -> !d.passwordHash().isEmpty());
            memory = memory(question, device.map(Device::passwordHash).orElse(nobody));
        } catch (RuntimeException | GeneralSecurityException e) {
            LOG.error("credentials of {} could not be looked up", question.user(), e);
            question.told().accept(Verdict.of(Verdict.Kind.FAILED));
            return;
        }
        if (device.isPresent() && verified.getIfPresent(memory) != null) {
            remembered.increment();
            question.told().accept(accepted(device.get()));
            return;
        }
        try {
            hashes.execute(() -> hash(question, device, memory));
        } catch (RejectedExecutionException e) {
            question.told().accept(Verdict.of(Verdict.Kind.BUSY));
        }
    }

    private boolean isAbandoned(Question question) {
        boolean gone = !question.wanted().getAsBoolean();
        if (gone) {
            abandoned.increment();
        }
        return gone;
    }

    private void hash(Question question, Optional<Device> device, ByteBuffer memory) {
        if (isAbandoned(question)) {
            return;
        }
        Verdict verdict;
        try {
            long begin = System.nanoTime();
            boolean right = PasswordHash.matches(
                    question.password(), device.map(Device::passwordHash).orElse(nobody));
            hashing.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            if (right && device.isPresent()) {
                verified.put(memory, Boolean.TRUE);
            }
            verdict = right && device.isPresent() ? accepted(device.get()) : Verdict.of(Verdict.Kind.WRONG);
        } catch (RuntimeException e) {
            LOG.error("the stored password hash of {} cannot be checked", question.user(), e);
            verdict = Verdict.of(Verdict.Kind.FAILED);
        }
        question.told().accept(verdict);
    }

    private static Verdict accepted(Device device) {
        return Verdict.accepted(device, new Credential(Credential.Kind.PASSWORD, device.passwordHash()));
    }

    private ByteBuffer memory(Question question, String storedHash) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(cacheKey);
        byte[] name = question.user().getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(8)
                .putInt(name.length)
                .putInt(question.password().length)
                .flip());
        mac.update(name);
        mac.update(question.password());
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
