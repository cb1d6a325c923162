package io.waymark.gateway.access;

import io.waymark.storage.device.CertificateTakenException;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Devices that may connect: created, listed, changed, given a new password, deleted. A change is durable on return and the
 * listeners have been told: what it means for connections follows at once. Any thread but an event loop: hashing a password
 * takes its time.
 */
public final class DeviceRegistry {
    /** Longest id in characters; the same bound as a client identifier. */
    public static final int ID_MAX = 256;
    /** Longest group in characters. */
    public static final int GROUP_MAX = 64;
    /** Shortest password accepted, in characters. */
    public static final int PASSWORD_MIN = 8;
    /** Most devices in one page of a list. */
    public static final int LIST_MAX = 1_000;
    /** The group of devices that were given none. */
    public static final String DEFAULT_GROUP = "default";

    private static final int GENERATED_OCTETS = 18;
    private static final int SCAN_PAGE = 1_000;

    private final DeviceStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final List<RegistryListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param store keeps the devices
     * @param clock for the time of creation
     */
    public DeviceRegistry(DeviceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Tells this one from now on. */
    public void listen(RegistryListener listener) {
        listeners.add(listener);
    }

    /**
     * A device just made.
     *
     * @param id MQTT user name and key on Kafka
     * @param group as stored
     * @param password as given or generated, empty for a device without; this is the only time it can be seen
     */
    public record Created(String id, String group, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Created[" + id + ", group=" + group + "]";
        }
    }

    /** {@link #create(NewDevice)} of one that is enabled and has a password. */
    public Created create(String id, String group, Optional<String> password) {
        return create(new NewDevice(id, group, password));
    }

    /**
     * Registers a device.
     *
     * @throws DeviceExistsException if the id is taken
     * @throws CertificateTakenException if a certificate stands for another device
     * @throws IllegalArgumentException naming the value and its bound
     */
    public Created create(NewDevice wanted) {
        String group = checked(wanted);
        String id = wanted.id();
        requireAbsent(id);
        String secret = wanted.passwords() ? wanted.password().orElseGet(this::generate) : "";
        // Hashing takes its time and needs no lock.
        Device device = new Device(
                id, hash(secret), scram(secret), group, wanted.enabled(), clock.millis(), wanted.certificates());
        synchronized (this) {
            requireAbsent(id);
            put(device);
        }
        return new Created(id, group, secret);
    }

    /**
     * The group it would be in, if it could be created at all.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    static String checked(NewDevice wanted) {
        DeviceChecks.requireId(wanted.id());
        String group = wanted.group().isEmpty() ? DEFAULT_GROUP : wanted.group();
        DeviceChecks.requireGroup(group);
        wanted.password().ifPresent(DeviceChecks::requirePassword);
        if (!wanted.passwords()
                && (wanted.password().isPresent() || wanted.certificates().isEmpty())) {
            throw new IllegalArgumentException("a device must have a password or at least one certificate");
        }
        return group;
    }

    /**
     * What {@link #create} would refuse, without creating anything.
     *
     * @throws RuntimeException as there
     */
    public void check(NewDevice wanted) {
        checked(wanted);
        requireAbsent(wanted.id());
        for (String certificate : wanted.certificates()) {
            store.ofCertificate(certificate).ifPresent(other -> {
                throw new CertificateTakenException(certificate, other.id());
            });
        }
    }

    private void requireAbsent(String id) {
        if (store.find(id).isPresent()) {
            throw new DeviceExistsException(id);
        }
    }

    /** The device with this id. */
    public Optional<Device> find(String id) {
        return store.find(id);
    }

    /** {@link #list(String, int, Predicate)} of all. */
    public List<Device> list(String after, int limit) {
        return list(after, limit, device -> true);
    }

    /**
     * Devices in order of id.
     *
     * @param after the last id of the page before, empty for the first page
     * @param limit 1..{@link #LIST_MAX}
     * @param wanted which
     */
    public List<Device> list(String after, int limit, Predicate<Device> wanted) {
        if (limit < 1 || limit > LIST_MAX) {
            throw new IllegalArgumentException("limit must be in 1.." + LIST_MAX + " but was " + limit);
        }
        List<Device> found = new ArrayList<>();
        String last = after;
        boolean more = true;
        while (more && found.size() < limit) {
            List<Device> page = store.list(last, SCAN_PAGE);
            page.stream().filter(wanted).limit(limit - found.size()).forEach(found::add);
            more = page.size() == SCAN_PAGE;
            last = page.isEmpty() ? last : page.get(page.size() - 1).id();
        }
        return found;
    }

    /**
     * Changes a device; empty if there is no such device.
     *
     * @throws CertificateTakenException if a certificate stands for another device
     * @throws IllegalArgumentException if it would have neither password nor certificate
     */
    public Optional<Device> change(String id, DeviceChange change) {
        return replace(id, device -> {
            Device changed = device.withGroup(change.group().orElse(device.group()))
                    .withEnabled(change.enabled().orElse(device.enabled()))
                    .withCertificates(change.certificates().orElse(device.certificates()));
            if (changed.passwordHash().isEmpty() && changed.certificates().isEmpty()) {
                throw new IllegalArgumentException("a device must have a password or at least one certificate");
            }
            return changed;
        });
    }

    /** Lets the device connect, or not; false if there is no such device. */
    public boolean setEnabled(String id, boolean enabled) {
        return replace(id, device -> device.withEnabled(enabled)).isPresent();
    }

    /** Gives the device a new password, which is returned; empty if there is no such device. */
    public Optional<String> rotate(String id) {
        return rotate(id, Optional.empty());
    }

    /**
     * Gives the device this password, or a generated one, which is returned; empty if there is no such device.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    public Optional<String> rotate(String id, Optional<String> password) {
        password.ifPresent(DeviceChecks::requirePassword);
        if (store.find(id).isEmpty()) {
            return Optional.empty();
        }
        String secret = password.orElseGet(this::generate);
        String hash = hash(secret);
        String scram = scram(secret);
        return replace(id, device -> device.withSecrets(hash, scram)).map(device -> secret);
    }

    private synchronized Optional<Device> replace(String id, UnaryOperator<Device> change) {
        Optional<Device> changed = store.find(id).map(change);
        changed.ifPresent(this::put);
        return changed;
    }

    private void put(Device device) {
        store.put(device);
        tell(device.id(), device);
    }

    /** Forgets the device; false if there is no such device. */
    public synchronized boolean delete(String id) {
        boolean deleted = store.delete(id);
        if (deleted) {
            tell(id, null);
        }
        return deleted;
    }

    private void tell(String id, @Nullable Device now) {
        listeners.forEach(listener -> listener.changed(id, now));
    }

    private static String hash(String secret) {
        return secret.isEmpty() ? "" : PasswordHash.of(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String scram(String secret) {
        return secret.isEmpty() ? "" : ScramVerifier.of(secret).toText();
    }

    private String generate() {
        byte[] octets = new byte[GENERATED_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
