package io.waymark.gateway.command;

import io.waymark.storage.note.NoteChange;
import io.waymark.storage.spool.Spool;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the commands on Kafka, all of them: which gateway has the device is not known there. How far is written with what was
 * read, in the spool, so that after a crash nothing is missing and nothing is taken twice; Kafka is told nothing.
 *
 * <pre>
 * key    u1 'o', topic, '#', partition
 * value  i8 next offset
 * </pre>
 */
final class CommandReader implements Runnable {
    /** Whose notes they are. */
    static final byte OWNER = 'o';

    private static final Logger LOG = LoggerFactory.getLogger(CommandReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Map<String, Object> settings;
    private final List<String> topics;
    private final Commands commands;
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Set<TopicPartition> rest = new HashSet<>();
    private boolean complained;
    private volatile boolean closing;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param client settings of the connection
     * @param topics that of commands, and that of what became of them
     */
    CommandReader(Map<String, Object> client, List<String> topics, Commands commands, Spool spool) {
        this.settings = new HashMap<>(client);
        this.topics = topics;
        this.commands = commands;
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, commands.gateway() + "-commands");
        spool.notes(OWNER, this::restore);
    }

    private void restore(byte[] key, byte[] value) {
        String name = new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
        int hash = name.lastIndexOf('#');
        next.put(
                new TopicPartition(name.substring(0, hash), Integer.parseInt(name.substring(hash + 1))),
                ByteBuffer.wrap(value).getLong());
    }

    /** Ends {@link #run} soon. Any thread. */
    void close() {
        closing = true;
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    @Override
    public void run() {
        while (!closing) {
            try (KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(settings)) {
                consumer = opened;
                read(opened);
            } catch (WakeupException | InterruptException e) {
                LOG.debug("reading of commands stops");
            } catch (KafkaException e) {
                complain(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void complain(KafkaException e) {
        if (complained) {
            LOG.debug("commands on Kafka still cannot be read: {}", e.getMessage());
        } else {
            LOG.info("commands on Kafka cannot be read at present: {}", e.getMessage());
        }
        complained = true;
    }

    private void read(KafkaConsumer<byte[], byte[]> from) throws InterruptedException {
        assign(from);
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> record : from.poll(POLL)) {
                take(record);
            }
            noteRest();
        }
    }

    /** Waits until the topics exist. */
    private void assign(KafkaConsumer<byte[], byte[]> to) throws InterruptedException {
        List<TopicPartition> all = new ArrayList<>();
        while (all.isEmpty() && !closing) {
            for (String topic : topics) {
                to.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(topic, p.partition())));
            }
            if (all.isEmpty()) {
                pause();
            }
        }
        to.assign(all);
        complained = false;
        for (TopicPartition partition : all) {
            Long offset = next.get(partition);
            if (offset != null) {
                to.seek(partition, offset);
            }
        }
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(PAUSE.toMillis());
    }

    /** Until it is taken: nothing behind it is read before. */
    private void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        NoteChange read = note(partition, record.offset() + 1);
        if (isCommand(record)) {
            while (!closing && !command(record, read)) {
                pause();
            }
        } else {
            status(record);
            rest.add(partition);
        }
        if (!closing) {
            next.put(partition, record.offset() + 1);
        }
    }

    /** What changed nothing is noted once for many. */
    private void noteRest() {
        List<NoteChange> notes = rest.stream()
                .map(partition -> note(partition, next.getOrDefault(partition, 0L)))
                .toList();
        if (!notes.isEmpty() && commands.note(notes) == Spool.Offer.ACCEPTED) {
            rest.clear();
        }
    }

    /** Put back after a failed commit is the first offset: what is read again is recognised. */
    private NoteChange note(TopicPartition partition, long offset) {
        return new NoteChange(key(partition), offset(offset), offset(0));
    }

    private boolean isCommand(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(topics.get(0));
    }

    private boolean command(ConsumerRecord<byte[], byte[]> record, NoteChange read) {
        Command command;
        try {
            command = CommandRecords.parse(record, commands.limits().expiryMax().toSeconds());
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "command at {}-{} {} is ignored: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return commands.note(List.of(read)) != Spool.Offer.FULL;
        }
        boolean own = CommandRecords.header(record, CommandRecords.SOURCE, "").equals(commands.gateway());
        if (own || commands.find(command.deviceId(), command.id()).isPresent()) {
            rest.add(new TopicPartition(record.topic(), record.partition()));
            return true;
        }
        return accepted(command, record, read);
    }

    private boolean accepted(Command command, ConsumerRecord<byte[], byte[]> record, NoteChange read) {
        try {
            CompletableFuture<CommandStatus> taken = commands.accept(command, false, List.of(read), record.timestamp());
            taken.join();
            return true;
        } catch (IllegalArgumentException e) {
            return commands.refuse(command, "out_of_bounds", List.of(read)) != Spool.Offer.FULL;
        } catch (CompletionException e) {
            return refused(command, e.getCause(), read);
        }
    }

    private boolean refused(Command command, @Nullable Throwable why, NoteChange read) {
        if (why instanceof RejectedExecutionException) {
            return false;
        }
        if (!(why instanceof CommandRefusedException refusal)) {
            LOG.warn("command {} could not be written and is tried again", command.id(), why);
            return false;
        }
        boolean silent = refusal.why() == CommandRefusedException.Why.UNKNOWN_DEVICE
                && !commands.limits().unknownDevices();
        Spool.Offer offer = silent
                ? commands.note(List.of(read))
                : commands.refuse(command, refusal.why().label(), List.of(read));
        return offer != Spool.Offer.FULL;
    }

    /** Only what another gateway delivered concerns this one. */
    private void status(ConsumerRecord<byte[], byte[]> record) {
        boolean others =
                !CommandRecords.header(record, CommandRecords.SOURCE, "").equals(commands.gateway());
        byte[] key = record.key();
        if (others
                && key != null
                && CommandRecords.header(record, "ce_type", "").equals("io.waymark.command.delivered")) {
            commands.deliveredElsewhere(
                    new String(key, StandardCharsets.UTF_8), CommandRecords.header(record, "ce_subject", ""));
        }
    }

    private static byte[] key(TopicPartition partition) {
        return ((char) OWNER + partition.topic() + '#' + partition.partition()).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] offset(long offset) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, offset).array();
    }
}
