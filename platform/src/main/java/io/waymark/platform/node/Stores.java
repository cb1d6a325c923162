package io.waymark.platform.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.platform.config.PlatformConfig;
import io.waymark.platform.config.Service;
import io.waymark.storage.StorageException;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.spool.Spool;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stores this process needs.
 *
 * @param records for the resolver
 * @param devices for the gateway
 */
record Stores(Optional<RecordStore> records, Optional<DeviceSide> devices) {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    /**
     * What the gateway keeps.
     *
     * @param spool messages on their way to Kafka
     * @param credentials who may connect
     */
    record DeviceSide(Spool spool, DeviceStore credentials) {}

    /** Opens what the services need and has it closed in reverse. */
    static Stores open(PlatformConfig config, Path data, MeterRegistry metrics, Closing closing) {
        Optional<RecordStore> records = Optional.empty();
        Optional<DeviceSide> devices = Optional.empty();
        if (config.runs(Service.RESOLVER)) {
            RecordStore opened = RecordStore.open(config.records(), metrics);
            closing.add("records", opened);
            closing.add("upkeep of the records", upkeep(opened)::shutdownNow);
            records = Optional.of(opened);
        }
        if (config.runs(Service.GATEWAY)) {
            Spool spool = Spool.open(config.spool(), metrics);
            closing.add("spool", spool);
            DeviceStore credentials = DeviceStore.open(data.resolve("devices"), metrics);
            closing.add("devices", credentials);
            devices = Optional.of(new DeviceSide(spool, credentials));
        }
        return new Stores(records, devices);
    }

    /** The node answers meanwhile, from the disk where it must. */
    private static ScheduledExecutorService upkeep(RecordStore records) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "waymark-records-upkeep");
            made.setDaemon(true);
            return made;
        });
        thread.execute(() -> preload(records));
        thread.scheduleWithFixedDelay(() -> forgetPast(records), 0, 1, TimeUnit.DAYS);
        return thread;
    }

    private static void preload(RecordStore records) {
        long began = System.nanoTime();
        try {
            long kept = records.preload();
            LOG.info("{} records in memory after {} ms", kept, (System.nanoTime() - began) / 1_000_000);
        } catch (StorageException | IllegalStateException e) {
            LOG.info("reading records into memory ended early: {}", e.getMessage());
        }
    }

    private static void forgetPast(RecordStore records) {
        try {
            LOG.debug("{} records had a past older than history keeps", records.forgetPast());
        } catch (StorageException | IllegalStateException e) {
            LOG.info("looking for old versions ended early, trying again tomorrow: {}", e.getMessage());
        }
    }
}
