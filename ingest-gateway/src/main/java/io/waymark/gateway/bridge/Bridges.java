package io.waymark.gateway.bridge;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All bridges of a gateway. */
public final class Bridges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridges.class);

    private final Door door;
    private final Map<String, Bridge> byKey = new LinkedHashMap<>();

    /**
     * Makes them without connecting.
     *
     * @throws IllegalArgumentException naming the TLS file that cannot be used, or a name or session two bridges share
     */
    public Bridges(List<BridgeConfig> configs, Door door, MeterRegistry metrics, Clock clock) {
        this.door = door;
        List<String> names = new ArrayList<>();
        for (BridgeConfig config : configs) {
            if (names.contains(config.name())) {
                throw new IllegalArgumentException("two bridges have the name " + config.name());
            }
            names.add(config.name());
            Bridge bridge = new Bridge(
                    config, PahoConnector.of(config), door, new BridgeMetrics(metrics, config.name()), clock);
            byKey.put(BridgeMemory.key(config), bridge);
        }
    }

    /** Whether a stored session is a bridge's and no client's. */
    public static boolean isBridge(Spool.StoredSession session) {
        return BridgeMemory.isBridge(session.clientId());
    }

    /** Takes in what the store remembers of a bridge, or lets the store forget a bridge that is no more. Before {@link #start}. */
    public void restore(Spool.StoredSession session) {
        Bridge bridge = byKey.get(session.clientId());
        if (bridge != null) {
            bridge.memory().restore(session.state(), session.qos2PacketIds());
        } else {
            LOG.info("what a bridge that is no longer configured remembered is forgotten");
            door.remember(new SessionWrite.DeleteSession(session.clientId()), new Forgotten());
        }
    }

    private record Forgotten() implements Spool.Completion {
        @Override
        public void durable(long position) {}

        @Override
        public void failed(Throwable cause) {
            LOG.warn("the store could not forget a bridge: {}", cause.getMessage());
        }
    }

    /** Begins to connect. */
    public void start() {
        byKey.values().forEach(Bridge::start);
    }

    /** How each is doing, in the order of the configuration. */
    public List<BridgeStatus> status() {
        return byKey.values().stream().map(Bridge::status).toList();
    }

    /** Acknowledges what is durable, and leaves every upstream its session. */
    @Override
    public void close() {
        byKey.values().parallelStream().forEach(Bridge::close);
    }
}
