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
            preload(opened);
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

    /** Behind everything else: the node answers meanwhile, from the disk where it must. */
    private static void preload(RecordStore records) {
        Thread thread = new Thread(
                () -> {
                    long began = System.nanoTime();
                    try {
                        long kept = records.preload();
                        LOG.info("{} records in memory after {} ms", kept, (System.nanoTime() - began) / 1_000_000);
                    } catch (StorageException | IllegalStateException e) {
                        LOG.info("reading records into memory ended early: {}", e.getMessage());
                    }
                },
                "waymark-records-preload");
        thread.setDaemon(true);
        thread.start();
    }
}
