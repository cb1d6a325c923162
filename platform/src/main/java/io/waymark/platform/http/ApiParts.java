package io.waymark.platform.http;

import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.GroupRegistry;
import io.waymark.gateway.command.CommandDoor;
import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ledger.NodeLedger;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.live.Sightings;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.record.RecordStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the HTTP door leads to: the rooms that run in this process.
 *
 * @param recognizer says what a code is
 * @param registry identifier records, if the resolver runs here
 * @param devices device messages and credentials, if the gateway runs here
 * @param trace Armeria annotated service for {@code /trace}, if traceability runs here and has started
 * @param clock stamps records
 */
public record ApiParts(
        CodeRecognizer recognizer,
        Optional<Registry> registry,
        Optional<Devices> devices,
        Optional<Object> trace,
        Clock clock) {
    /**
     * Identifier records.
     *
     * @param registrar changes them
     * @param records reads them
     * @param statistics how often they are read and changed, if that is counted
     */
    public record Registry(Registrar registrar, RecordStore records, Optional<Statistics> statistics) {
        /** Not counted. */
        public Registry(Registrar registrar, RecordStore records) {
            this(registrar, records, Optional.empty());
        }
    }

    /**
     * The gateway, as seen over HTTP.
     *
     * @param fleet the devices
     * @param ingest where messages go
     * @param commands messages for devices
     * @param ledger what was acknowledged
     */
    public record Devices(Fleet fleet, IngestDoor ingest, CommandDoor commands, Optional<Ledger> ledger) {
        /** Without ledger. */
        public Devices(Fleet fleet, IngestDoor ingest, CommandDoor commands) {
            this(fleet, ingest, commands, Optional.empty());
        }
    }

    /**
     * What the gateway acknowledged, and where it must have gone.
     *
     * @param now takes stock; takes as long as the backlog is large
     * @param bootstrapServers of the cluster
     * @param telemetryTopic where device messages go
     * @param rejectedTopic where refused ones go
     */
    public record Ledger(
            Supplier<NodeLedger> now, String bootstrapServers, String telemetryTopic, String rejectedTopic) {}

    /**
     * Devices as people manage them.
     *
     * @param registry who may connect
     * @param groups who may do what, and how much
     * @param live who is connected now
     * @param sightings when devices were last there
     */
    public record Fleet(DeviceRegistry registry, GroupRegistry groups, LiveDevices live, Sightings sightings) {}

    /** The same, with traceability. */
    public ApiParts withTrace(Object service) {
        return new ApiParts(recognizer, registry, devices, Optional.of(service), clock);
    }
}
