package io.waymark.gateway.access;

import io.waymark.gateway.packet.Topics;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Devices that may connect: created, listed, disabled, given a new password, deleted. A change is durable on return and holds
 * from the next CONNECT on; it does not end a connection. Any thread but an event loop: hashing a password takes its time.
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

    private static final String DEFAULT_GROUP = "default";
    private static final int GENERATED_OCTETS = 18;

    private final DeviceStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param store keeps the devices
     * @param clock for the time of creation
     */
    public DeviceRegistry(DeviceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A device just made.
     *
     * @param id MQTT user name and key on Kafka
     * @param group as stored
     * @param password as given or generated; this is the only time it can be seen
     */
    public record Created(String id, String group, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "Created[" + id + ", group=" + group + "]";
        }
    }

    /**
     * Registers a device.
     *
     * @param group empty for {@code default}
     * @param password generated if absent
     * @throws DeviceExistsException if the id is taken
     * @throws IllegalArgumentException naming the value and its bound
     */
    public synchronized Created create(String id, String group, Optional<String> password) {
        requireName("device id", id, ID_MAX);
        String inGroup = group.isEmpty() ? DEFAULT_GROUP : group;
        requireName("device group", inGroup, GROUP_MAX);
        String secret = password.orElseGet(this::generate);
        requirePassword(secret);
        if (store.find(id).isPresent()) {
            throw new DeviceExistsException(id);
        }
        store.put(new Device(id, hash(secret), scram(secret), inGroup, true, clock.millis()));
        return new Created(id, inGroup, secret);
    }

    /**
     * Devices in order of id.
     *
     * @param after the last id of the page before, empty for the first page
     * @param limit 1..{@link #LIST_MAX}
     */
    public List<Device> list(String after, int limit) {
        if (limit < 1 || limit > LIST_MAX) {
            throw new IllegalArgumentException("limit must be in 1.." + LIST_MAX + " but was " + limit);
        }
        return store.list(after, limit);
    }

    /** Lets the device connect, or not; false if there is no such device. */
    public synchronized boolean setEnabled(String id, boolean enabled) {
        Optional<Device> found = store.find(id);
        found.ifPresent(d ->
                store.put(new Device(d.id(), d.passwordHash(), d.scram(), d.group(), enabled, d.createdAtMillis())));
        return found.isPresent();
    }

    /** Gives the device a new password, which is returned; empty if there is no such device. */
    public synchronized Optional<String> rotate(String id) {
        Optional<Device> found = store.find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Device device = found.get();
        String secret = generate();
        store.put(new Device(
                id, hash(secret), scram(secret), device.group(), device.enabled(), device.createdAtMillis()));
        return Optional.of(secret);
    }

    /** Forgets the device; false if there is no such device. */
    public synchronized boolean delete(String id) {
        return store.delete(id);
    }

    private static String hash(String secret) {
        return PasswordHash.of(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String scram(String secret) {
        return ScramVerifier.of(secret).toText();
    }

    private String generate() {
        byte[] octets = new byte[GENERATED_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static void requireName(String what, String value, int max) {
        if (value.isEmpty() || value.length() > max) {
            throw new IllegalArgumentException(what + " must have 1.." + max + " characters but has " + value.length());
        }
        if (Topics.hasControl(value)) {
            throw new IllegalArgumentException(what + " must not hold control characters");
        }
    }

    private static void requirePassword(String secret) {
        int octets = secret.getBytes(StandardCharsets.UTF_8).length;
        if (secret.length() < PASSWORD_MIN || octets > PasswordHash.PASSWORD_OCTETS_MAX) {
            throw new IllegalArgumentException("password must have " + PASSWORD_MIN + " characters to "
                    + PasswordHash.PASSWORD_OCTETS_MAX + " octets but has " + secret.length() + " characters");
        }
    }
}
