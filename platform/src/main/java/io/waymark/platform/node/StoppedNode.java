package io.waymark.platform.node;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.storage.record.FeedPolicy;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** The data directory of a node that does not run, held so that none starts meanwhile. One thread. */
public final class StoppedNode implements AutoCloseable {
    private static final long CACHE_BYTES = 32L << 20;
    private static final int WRITES_MAX = 1024;

    private final DataDirectory data;

    private StoppedNode(DataDirectory data) {
        this.data = data;
    }

    /**
     * Takes the directory's lock.
     *
     * @throws StartException if a node holds it, naming the process, or it cannot be used
     */
    public static StoppedNode hold(Path directory) throws StartException {
        return new StoppedNode(DataDirectory.open(directory));
    }

    /** Opens its record store; the caller closes it before this. */
    public RecordStore openRecords() {
        return RecordStore.open(
                new RecordStoreConfig(data.path().resolve("records"), CACHE_BYTES, 0, WRITES_MAX)
                        .with(FeedPolicy.AS_FOUND),
                new SimpleMeterRegistry());
    }

    /** Opens its statistics, which count in days of China as a node does unless it is told otherwise; the caller closes them. */
    public Statistics openStatistics() {
        return Statistics.open(
                StatisticsConfig.defaults(data.path().resolve("statistics")),
                new SimpleMeterRegistry(),
                Clock.systemUTC());
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
