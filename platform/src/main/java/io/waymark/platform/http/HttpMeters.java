package io.waymark.platform.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Set;

/**
 * Keeps what Armeria measures of every method to what is watched: how many, how long, how many now. All it offers would be
 * more series than the rest of the node together.
 */
final class HttpMeters {
    /** The first part of every name. */
    static final String PREFIX = "waymark.http";

    private static final Set<String> KEPT =
            Set.of(PREFIX + ".active.requests", PREFIX + ".requests", PREFIX + ".total.duration", PREFIX + ".refused");
    private static final double[] BUCKET_NANOS = {5e6, 25e6, 100e6, 500e6, 2.5e9};

    private HttpMeters() {}

    static MeterFilter filter() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return isOurs(id) && !KEPT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }

            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                if (!isOurs(id) || id.getType() != Meter.Type.TIMER) {
                    return config;
                }
                return DistributionStatisticConfig.builder()
                        .percentiles(new double[0])
                        .serviceLevelObjectives(BUCKET_NANOS)
                        .build()
                        .merge(config);
            }
        };
    }

    private static boolean isOurs(Meter.Id id) {
        return id.getName().startsWith(PREFIX + ".");
    }
}
