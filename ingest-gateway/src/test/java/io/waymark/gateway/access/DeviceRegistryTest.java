package io.waymark.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registry and authenticator over a real store. */
class DeviceRegistryTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

    @TempDir
    Path directory;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final BlockingQueue<Verdict> verdicts = new ArrayBlockingQueue<>(10);
    private DeviceStore store;
    private DeviceRegistry registry;
    private ConnectAuthenticator authenticator;

    @BeforeEach
    void open() {
        store = DeviceStore.open(directory, metrics);
        registry = new DeviceRegistry(store, Clock.fixed(NOW, ZoneOffset.UTC));
        authenticator = new ConnectAuthenticator(store, 1, metrics);
    }

    @AfterEach
    void close() {
        authenticator.close();
        store.close();
    }

    private Verdict.Kind verdict(String user, String password) throws InterruptedException {
        authenticator.authenticate(user, password.getBytes(UTF_8), () -> true, verdicts::add);
        return verdicts.poll(20, TimeUnit.SECONDS).kind();
    }

    private double remembered() {
        return metrics.get("waymark.gateway.auth.remembered").counter().count();
    }

    @Test
    void aGeneratedPasswordLetsInAndIsNotStored() throws Exception {
        DeviceRegistry.Created created = registry.create("oven-1", "", Optional.empty());
        assertThat(created.group()).isEqualTo("default");
        assertThat(created.password()).hasSize(24);
        assertThat(created.toString()).doesNotContain(created.password());
        Device stored = store.find("oven-1").orElseThrow();
        assertThat(stored.passwordHash()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(stored.createdAtMillis()).isEqualTo(NOW.toEpochMilli());
        assertThat(verdict("oven-1", created.password())).isEqualTo(Verdict.Kind.ACCEPTED);
        assertThat(verdict("oven-1", created.password() + "x")).isEqualTo(Verdict.Kind.WRONG);
        assertThat(verdict("oven-2", created.password())).isEqualTo(Verdict.Kind.WRONG);
    }

    @Test
    void aRightPasswordIsRememberedUntilItChanges() throws Exception {
        registry.create("oven-1", "", Optional.of("first password"));
        assertThat(verdict("oven-1", "first password")).isEqualTo(Verdict.Kind.ACCEPTED);
        assertThat(remembered()).isZero();
        assertThat(verdict("oven-1", "first password")).isEqualTo(Verdict.Kind.ACCEPTED);
        assertThat(remembered()).isEqualTo(1);
        String second = registry.rotate("oven-1").orElseThrow();
        assertThat(verdict("oven-1", "first password")).isEqualTo(Verdict.Kind.WRONG);
        assertThat(verdict("oven-1", second)).isEqualTo(Verdict.Kind.ACCEPTED);
        assertThat(registry.delete("oven-1")).isTrue();
        assertThat(verdict("oven-1", second)).isEqualTo(Verdict.Kind.WRONG);
    }

    @Test
    void aDisabledDeviceIsKeptOutEvenIfRemembered() throws Exception {
        registry.create("oven-1", "", Optional.of("password"));
        assertThat(verdict("oven-1", "password")).isEqualTo(Verdict.Kind.ACCEPTED);
        assertThat(registry.setEnabled("oven-1", false)).isTrue();
        assertThat(verdict("oven-1", "password")).isEqualTo(Verdict.Kind.DISABLED);
        assertThat(verdict("oven-1", "wrong")).isEqualTo(Verdict.Kind.WRONG);
        registry.setEnabled("oven-1", true);
        assertThat(verdict("oven-1", "password")).isEqualTo(Verdict.Kind.ACCEPTED);
    }

    @Test
    void anUnknownUserCostsAHashToo() throws Exception {
        assertThat(verdict("nobody", "password")).isEqualTo(Verdict.Kind.WRONG);
        assertThat(metrics.get("waymark.gateway.auth.hash").timer().count()).isEqualTo(1);
    }

    @Test
    void nothingIsHashedForAClientThatHasGone() throws Exception {
        authenticator.authenticate("nobody", new byte[1], () -> false, verdicts::add);
        assertThat(verdict("nobody", "password")).isEqualTo(Verdict.Kind.WRONG);
        assertThat(metrics.get("waymark.gateway.auth.hash").timer().count()).isEqualTo(1);
        assertThat(metrics.get("waymark.gateway.auth.abandoned").counter().count())
                .isEqualTo(1);
    }

    @Test
    void moreThanCanBeHashedIsRefusedAtOnce() throws Exception {
        int many = 12;
        BlockingQueue<Verdict> all = new ArrayBlockingQueue<>(many);
        try (ConnectAuthenticator narrow = new ConnectAuthenticator(store, 1, 100, 4, new SimpleMeterRegistry())) {
            for (int i = 0; i < many; i++) {
                narrow.authenticate("nobody", new byte[] {(byte) i}, () -> true, all::add);
            }
            List<Verdict> told = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                told.add(all.poll(20, TimeUnit.SECONDS));
            }
            assertThat(told)
                    .extracting(Verdict::kind)
                    .containsOnly(Verdict.Kind.WRONG, Verdict.Kind.BUSY)
                    .contains(Verdict.Kind.WRONG, Verdict.Kind.BUSY);
        }
    }

    @Test
    void refusesWhatIsTakenOrOutOfBounds() {
        registry.create("oven-1", "hall", Optional.of("password"));
        assertThatThrownBy(() -> registry.create("oven-1", "", Optional.empty()))
                .isInstanceOf(DeviceExistsException.class)
                .hasMessage("device oven-1 exists already");
        assertThatThrownBy(() -> registry.create("", "", Optional.empty()))
                .hasMessage("device id must have 1..256 characters but has 0");
        assertThatThrownBy(() -> registry.create("x".repeat(257), "", Optional.empty()))
                .hasMessage("device id must have 1..256 characters but has 257");
        assertThatThrownBy(() -> registry.create("a\nb", "", Optional.empty()))
                .hasMessage("device id must not hold control characters");
        assertThatThrownBy(() -> registry.create("a", "", Optional.of("short")))
                .hasMessageContaining("password must have 8 characters")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> registry.list("", 0)).hasMessage("limit must be in 1..1000 but was 0");
        assertThat(registry.setEnabled("nobody", true)).isFalse();
        assertThat(registry.rotate("nobody")).isEmpty();
        assertThat(registry.delete("nobody")).isFalse();
    }

    @Test
    void listsInPages() {
        for (String id : new String[] {"c", "a", "b"}) {
            registry.create(id, "", Optional.of("password"));
        }
        assertThat(registry.list("", 2)).extracting(Device::id).containsExactly("a", "b");
        assertThat(registry.list("b", 2)).extracting(Device::id).containsExactly("c");
    }
}
