package io.waymark.gateway.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Takes commands for devices and says what became of them. Any thread. */
public interface CommandDoor {
    /**
     * Accepts a command, or finds the one of the same id that was accepted before. Completes when it is durable; fails with
     * {@link CommandRefusedException}, or with {@link java.util.concurrent.RejectedExecutionException} when the spool is full or
     * closed.
     *
     * @throws IllegalArgumentException naming the value and its bound
     */
    CompletableFuture<CommandStatus> send(Command command);

    /** A command as it stands, while it is remembered. */
    Optional<CommandStatus> find(String deviceId, String id);

    /** Commands of a device that are not final, in the order in which they came. */
    List<CommandStatus> openOf(String deviceId);
}
