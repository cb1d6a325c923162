package io.waymark.platform.config;

import java.time.Duration;

/** What lies on disk: {@code spool.*} and {@code records.*}. */
final class StorageSettings {
    static final SettingTable TABLE = new SettingTable();

    static final Setting<Long> SPOOL_BYTES_MAX = TABLE.add(
            "spool.bytes-max",
            "8GiB",
            ValueType.bytes(1 << 20, 1L << 50),
            "Payload bytes the spool may hold while Kafka is away; then devices are slowed and refused.");
    static final Setting<Integer> SPOOL_QUEUE_MAX = TABLE.add(
            "spool.queue-max", "65536", ValueType.integer(16, 1 << 24), "Writes waiting for the spool's writer.");
    static final Setting<Integer> SPOOL_BATCH_MAX = TABLE.add(
            "spool.batch-max", "4096", ValueType.integer(1, 1 << 20), "Most writes made durable by one fsync.");
    static final Setting<Duration> SPOOL_RETENTION = TABLE.add(
            "spool.retention",
            "1m",
            ValueType.duration(Duration.ZERO, Duration.ofDays(365)),
            "How long a message stays in the spool after Kafka has committed it.");
    static final Setting<Long> SPOOL_DISK_RESERVE = TABLE.add(
            "spool.disk-reserve",
            "512MiB",
            ValueType.bytes(0, 1L << 50),
            "Bytes of the spool's disk that stay free, a quarter of the disk at most, so that the spool can be emptied;"
                    + " while fewer are free devices are slowed and refused. 0 = none.");

    static final Setting<Long> RECORDS_BLOCK_CACHE_BYTES = TABLE.add(
            "records.block-cache-bytes",
            "256MiB",
            ValueType.bytes(1 << 20, 1L << 40),
            "Memory for identifier records read from disk.");
    static final Setting<Long> RECORDS_MEMORY_TIER_BYTES = TABLE.add(
            "records.memory-tier-bytes",
            "64MiB",
            ValueType.bytes(1 << 16, 1L << 40),
            "Memory in front of it for hot records, answered without a call into RocksDB. Counts against the JVM's"
                    + " -XX:MaxDirectMemorySize, which WAYMARK_JAVA_OPTS may raise.");
    static final Setting<Integer> RECORDS_WRITE_QUEUE_MAX = TABLE.add(
            "records.write-queue-max",
            "65536",
            ValueType.integer(16, 1 << 24),
            "Changes waiting for the record writer; more are refused.");
    static final Setting<Integer> RECORDS_HISTORY_VERSIONS_MAX = TABLE.add(
            "records.history.versions-max",
            "100",
            ValueType.integer(0, 1_000_000),
            "Former versions kept of each record. 0 = none.");
    static final Setting<Duration> RECORDS_HISTORY_AGE_MAX = TABLE.add(
            "records.history.age-max",
            "3653d",
            ValueType.duration(Duration.ofHours(1), Duration.ofDays(36_525)),
            "A former version goes when it has been out of force for this long, and a record deleted so long ago is forgotten.");

    private StorageSettings() {}
}
