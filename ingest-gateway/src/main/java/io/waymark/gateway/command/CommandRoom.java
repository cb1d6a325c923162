package io.waymark.gateway.command;

import io.waymark.storage.spool.Spool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads behind commands: one for time, one that reads Kafka. */
public final class CommandRoom implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandRoom.class);
    private static final long TICK_MILLIS = 500;
    private static final long STOP_MILLIS = 1_000;

    private final ScheduledExecutorService time = executor("gateway-commands");
    private final ScheduledExecutorService kafka = executor("gateway-commands-kafka");
    private final Commands commands;
    private final CommandReader reader;

    private CommandRoom(Commands commands, CommandReader reader) {
        this.commands = commands;
        this.reader = reader;
    }

    /**
     * Starts both; Kafka may still be absent.
     *
     * @param client settings of the connection to Kafka
     */
    public static CommandRoom start(Commands commands, Commands.Voice voice, Map<String, Object> client, Spool spool) {
        CommandRoom room = new CommandRoom(
                commands,
                new CommandReader(client, List.of(voice.commandTopic(), voice.statusTopic()), commands, spool));
        room.time.scheduleWithFixedDelay(room::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        room.kafka.execute(room.reader);
        return room;
    }

    private static ScheduledExecutorService executor(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private void tick() {
        try {
            commands.tick();
        } catch (RuntimeException e) {
            LOG.error("unexpected error while looking after commands", e);
        }
    }

    /** Stops; what is open is kept. */
    @Override
    public void close() {
        reader.close();
        time.shutdownNow();
        kafka.shutdown();
        try {
            if (!kafka.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                kafka.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
