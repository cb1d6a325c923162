package io.waymark.gateway.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BridgeMemoryTest {
    private final FakeDoor door = new FakeDoor();
    private final BridgeMemory memory = new BridgeMemory(
            "key",
            door,
            a -> new Door.Message("g", "d", a.topic(), a.qos(), a.retain(), a.properties(), a.payload()),
            new BridgeMetrics(new SimpleMeterRegistry(), "plant"));

    private static Arrival arrival(int id) {
        return new Arrival("t", 2, false, false, id, MessageProperties.NONE, new byte[1]);
    }

    private static CompletableFuture<Void> beginning(Callable<Void> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return work.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private CompletableFuture<Void> storing(int id) {
        return beginning(() -> {
            memory.store(arrival(id), () -> true);
            return null;
        });
    }

    private void stored(int id) throws Exception {
        CompletableFuture<Void> storing = storing(id);
        await().until(() -> door.open() == 1);
        door.commit();
        storing.get();
    }

    @Test
    void aMessageAndItsIdentifierAreOneWriteAndARepetitionIsNone() throws Exception {
        CompletableFuture<Void> storing = storing(7);
        await().until(() -> door.open() == 1);
        assertThat(storing).isNotDone();
        assertThat(door.changes).containsExactly(new SessionWrite.AddQos2("key", 7));
        door.commit();
        storing.get();
        memory.store(arrival(7), () -> true);
        assertThat(door.taken).hasSize(1);
    }

    @Test
    void aReleasedIdentifierIsFreeOnlyWhenThatIsDurable() throws Exception {
        stored(7);
        CompletableFuture<Void> releasing = beginning(() -> {
            memory.release(7, () -> true);
            return null;
        });
        await().until(() -> door.open() == 1);
        assertThat(memory.unreleased()).isEqualTo(1);
        door.commit();
        releasing.get();
        assertThat(memory.unreleased()).isZero();
        stored(7);
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void anIdentifierNeverStoredIsReleasedWithoutAWrite() throws Exception {
        memory.release(7, () -> true);
        assertThat(door.changes).isEmpty();
    }

    @Test
    void whatCouldNotBeWrittenIsNewWhenItComesAgain() throws Exception {
        CompletableFuture<Void> storing = storing(7);
        await().until(() -> door.open() == 1);
        door.fail();
        assertThatThrownBy(storing::get).hasRootCauseMessage("no disk");
        stored(7);
        assertThat(door.taken).hasSize(2);
    }

    @Test
    void aConnectionThatEndsDoesNotWaitForRoom() {
        door.room(0);
        assertThatThrownBy(() -> memory.store(arrival(7), () -> false)).isInstanceOf(UpstreamException.class);
        assertThat(memory.unreleased()).isZero();
    }

    @Test
    void aConnectionThatEndsWhileItsMessageWaitsLeavesItKnown() throws Exception {
        AtomicBoolean connected = new AtomicBoolean(true);
        CompletableFuture<Void> storing = beginning(() -> {
            memory.store(arrival(7), connected::get);
            return null;
        });
        await().until(() -> door.open() == 1);
        connected.set(false);
        assertThatThrownBy(storing::get)
                .hasRootCauseMessage("the connection ended before the message could be acknowledged");
        CompletableFuture<Void> again = storing(7);
        door.commit();
        again.get();
        assertThat(door.taken).as("one write").hasSize(1);
    }

    @Test
    void whatTheStoreHeldIsKnownAfterACrash() throws Exception {
        memory.restore("plant/#\noffice/#".getBytes(StandardCharsets.UTF_8), new int[] {7, 9});
        assertThat(memory.filters()).isEqualTo(List.of("plant/#", "office/#"));
        memory.store(arrival(9), () -> true);
        assertThat(door.taken).isEmpty();
        CompletableFuture<Void> forgetting = beginning(() -> {
            memory.forget(() -> true);
            return null;
        });
        await().until(() -> door.open() == 1);
        door.commit();
        forgetting.get();
        assertThat(door.changes).containsExactly(new SessionWrite.DeleteSession("key"));
        assertThat(memory.unreleased()).isZero();
        assertThat(memory.filters()).isEmpty();
    }
}
