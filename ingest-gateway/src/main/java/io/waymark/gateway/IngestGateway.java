package io.waymark.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.forward.ForwardSettings;
import io.waymark.forward.ForwardState;
import io.waymark.forward.Forwarder;
import io.waymark.gateway.access.AccessRules;
import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.GroupRegistry;
import io.waymark.gateway.access.RegistryListener;
import io.waymark.gateway.ack.Acknowledged;
import io.waymark.gateway.ack.KafkaReach;
import io.waymark.gateway.bridge.BridgeStatus;
import io.waymark.gateway.bridge.Bridges;
import io.waymark.gateway.bridge.Door;
import io.waymark.gateway.command.CommandRoom;
import io.waymark.gateway.command.Commands;
import io.waymark.gateway.forward.DirectRecord;
import io.waymark.gateway.forward.SpoolSource;
import io.waymark.gateway.ingest.IngestDoor;
import io.waymark.gateway.ingest.SpooledIngest;
import io.waymark.gateway.ledger.NodeLedger;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.live.Sightings;
import io.waymark.gateway.live.Visits;
import io.waymark.gateway.presence.DeviceFeed;
import io.waymark.gateway.presence.PresenceEvents;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.server.Journal;
import io.waymark.gateway.server.MqttServer;
import io.waymark.gateway.session.ClientKey;
import io.waymark.gateway.session.Routing;
import io.waymark.gateway.session.SessionRestore;
import io.waymark.gateway.session.SessionTable;
import io.waymark.storage.device.Device;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceStore;
import io.waymark.storage.queue.QueueTable;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway: MQTT in, spool, Kafka out. Spool and device store belong to the caller and outlive it. */
public final class IngestGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IngestGateway.class);

    private final String id;
    private final Spool spool;
    private final Rejections rejections;
    private final KafkaReach kafka = new KafkaReach();
    private final SessionTable sessions;
    private final ConnectAuthenticator authenticator;
    private final DeviceRegistry registry;
    private final GroupRegistry groups;
    private final LiveDevices live;
    private final Sightings sightings;
    private final @Nullable DeviceFeed feed;
    private final MqttServer server;
    private final IngestDoor ingest;
    private final Commands commands;
    private final CommandRoom commandRoom;
    private final Forwarder forwarder;
    private final Bridges bridges;

    private IngestGateway(GatewayConfig config, Spool spool, DeviceStore devices, MeterRegistry metrics, Clock clock) {
        this.id = config.id();
        this.spool = spool;
        this.registry = new DeviceRegistry(devices, clock);
        this.groups = new GroupRegistry(devices, clock);
        this.live = new LiveDevices(new AccessRules(config.access()), metrics, clock);
        registry.listen(live);
        groups.listen(live);
        registry.listen(new ForgottenSessions());
        this.sightings = new Sightings(live, devices, metrics, clock);
        live.watch(sightings);
        this.feed = config.forward().events() ? feed(config, devices, metrics, clock) : null;
        if (feed != null) {
            registry.listen(feed);
            live.watch(new PresenceEvents(spool::offer, metrics));
        }
        this.rejections =
                new Rejections(config.rejections(), config.forward().topics().rejected(), id, spool::offer, metrics);
        this.sessions = new SessionTable(config.sessions(), metrics, clock);
        Door door = new BridgeDoor(
                spool,
                sessions.router(),
                config.server().offer(),
                this::deliver,
                rejections,
                kafka,
                new Acknowledged(metrics, "bridge"),
                live.tail(),
                clock);
        this.bridges = new Bridges(config.bridges(), door, metrics, clock);
        Commands.Voice voice = new Commands.Voice(config.id(), DirectRecord.COMMANDS, DirectRecord.COMMAND_STATUS);
        this.commands = new Commands(
                config.commands(), voice, spool, sessions.router(), this::deliver, this::known, metrics, clock);
        sessions.router().watch(commands.watch());
        restoreSessions();
        this.authenticator = new ConnectAuthenticator(devices, hashThreads(), metrics);
        authenticator.listen(live::recheck);
        this.server = MqttServer.start(
                config.server(),
                new SpoolJournal(spool),
                spool::readQueue,
                authenticator,
                sessions,
                live,
                rejections,
                metrics,
                clock);
        this.ingest = new SpooledIngest(
                spool,
                sessions.router(),
                server::deliver,
                authenticator,
                new Visits(live),
                rejections,
                config.server().offer().acks(),
                kafka,
                config.http(),
                metrics,
                clock);
        this.commandRoom = CommandRoom.start(commands, voice, config.forward().client(), spool);
        this.forwarder = Forwarder.start(forwardSettings(config), source(config), metrics, clock);
        bridges.start();
        sightings.start();
        if (feed != null) {
            feed.start();
        }
    }

    private void deliver(Routing routing) {
        server.deliver(routing);
    }

    private Commands.Known known(String deviceId) {
        return registry.find(deviceId)
                .map(device -> device.enabled() ? Commands.Known.ENABLED : Commands.Known.DISABLED)
                .orElseGet(() -> sessions.isKnown(new ClientKey(deviceId, deviceId))
                        ? Commands.Known.ENABLED
                        : Commands.Known.UNKNOWN);
    }

    /** A deleted device leaves no session to the next one of its name. */
    private final class ForgottenSessions implements RegistryListener {
        @Override
        public void changed(String id, @Nullable Device now) {
            if (now == null) {
                sessions.expireAll(id, System.nanoTime());
                commands.deviceDeleted(id);
            }
        }

        @Override
        public void groupChanged(String name, @Nullable DeviceGroup now) {}
    }

    /** Half the cores: devices that are connected go before devices that connect. */
    private static int hashThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /**
     * Binds the listeners and starts forwarding; Kafka may still be absent.
     *
     * @throws IllegalStateException naming the address that cannot be bound
     * @throws IllegalArgumentException naming the setting that is out of bounds or the TLS file that cannot be used
     */
    public static IngestGateway start(
            GatewayConfig config, Spool spool, DeviceStore devices, MeterRegistry metrics, Clock clock) {
        return new IngestGateway(config, spool, devices, metrics, clock);
    }

    private void restoreSessions() {
        SessionRestore restoring = sessions.restoring(System.nanoTime());
        spool.sessions(stored -> readable("session " + stored.clientId(), () -> restore(stored, restoring)));
        spool.queues(new QueueTable.Visitor() {
            @Override
            public boolean visit(long queue, long sequence, byte[] entry) {
                commands.found(queue, sequence, entry);
                return restoring.queued(queue, sequence, entry);
            }

            @Override
            public boolean marked(long queue, long last, long sent) {
                return restoring.marked(queue, last, sent);
            }
        });
        commands.restored(restoring);
        spool.retained((topic, message) ->
                readable("retained message of " + topic, () -> sessions.router().restoreRetained(message)));
        LOG.info("{} sessions remembered", sessions.size());
    }

    private void restore(Spool.StoredSession stored, SessionRestore restoring) {
        if (Bridges.isBridge(stored)) {
            bridges.restore(stored);
        } else {
            restoring.session(stored.clientId(), stored.state(), stored.qos2PacketIds());
        }
    }

    private static void readable(String what, Runnable restore) {
        try {
            restore.run();
        } catch (IllegalArgumentException e) {
            LOG.error("stored {} is not readable and is ignored: {}", what, e.getMessage());
        }
    }

    private static DeviceFeed feed(GatewayConfig config, DeviceStore devices, MeterRegistry metrics, Clock clock) {
        GatewayConfig.Forward forward = config.forward();
        return new DeviceFeed(devices, forward.client(), forward.topics().devices(), config.id(), metrics, clock);
    }

    private static ForwardSettings forwardSettings(GatewayConfig config) {
        GatewayConfig.Forward forward = config.forward();
        return new ForwardSettings(
                config.id(),
                "gateway-forwarder",
                "waymark.gateway.forward",
                forward.client(),
                forward.topics().telemetry(),
                forward.topics().progress(),
                forward.transactionEntriesMax(),
                forward.linger(),
                config.server().offer().packetBytesMax());
    }

    private SpoolSource source(GatewayConfig config) {
        GatewayConfig.Forward forward = config.forward();
        return new SpoolSource(
                spool,
                forward.topics().telemetry(),
                forward.topics().rejected(),
                forward.rejectsOversize(),
                id,
                this::forwarded);
    }

    private void forwarded(long position) {
        server.forwarded(position);
        rejections.forwarded(position);
        kafka.reached(position);
    }

    private record SpoolJournal(Spool spool) implements Journal {
        @Override
        public Spool.Offer offer(SpoolWrite write, Spool.Completion completion) {
            return spool.offer(write, completion);
        }

        @Override
        public long lastDurable() {
            return spool.lastDurable();
        }
    }

    /** Where MQTT is served. */
    public InetSocketAddress mqttAddress() {
        return server.address();
    }

    /** Where MQTT over TLS is served, if a certificate is configured. */
    public Optional<InetSocketAddress> mqttsAddress() {
        return server.tlsAddress();
    }

    /** Where MQTT over WebSocket is served, if it is. */
    public Optional<InetSocketAddress> webSocketAddress() {
        return server.webSocketAddress();
    }

    /** Where MQTT over WebSocket over TLS is served, if it is. */
    public Optional<InetSocketAddress> secureWebSocketAddress() {
        return server.secureWebSocketAddress();
    }

    /** Groups of devices; for platform HTTP. */
    public GroupRegistry groups() {
        return groups;
    }

    /** When devices were last there; for platform HTTP. */
    public Sightings sightings() {
        return sightings;
    }

    /** Who is connected now; for platform HTTP. */
    public LiveDevices live() {
        return live;
    }

    /** Create, list, disable, rotate, delete; for platform HTTP. */
    public DeviceRegistry devices() {
        return registry;
    }

    /** For messages of devices that do not speak MQTT. */
    public IngestDoor ingest() {
        return ingest;
    }

    /** Messages for devices. */
    public Commands commands() {
        return commands;
    }

    /** Spool position up to which everything is committed in Kafka. */
    public long forwardedPosition() {
        return forwarder.position();
    }

    /**
     * What was acknowledged and spooled, by device group, and how much of it waits. Takes as long as the backlog is large.
     *
     * @throws io.waymark.storage.StorageException if the spool cannot be read
     */
    public NodeLedger ledger() {
        return NodeLedger.of(id, spool, forwarder::position);
    }

    /** What the forwarder is doing; for health. */
    public ForwardState forwardState() {
        return forwarder.state();
    }

    /** How the bridges to other brokers are doing, in the order of the configuration. */
    public List<BridgeStatus> bridges() {
        return bridges.status();
    }

    /**
     * Stops accepting and reading, sends the acknowledgements still coming, tells 5.0 clients, closes their connections, and
     * stops the forwarder after its current transaction. Less than five seconds.
     */
    @Override
    public void close() {
        bridges.close();
        commandRoom.close();
        if (feed != null) {
            feed.close();
        }
        server.close();
        QueueMarks.write(sessions.marks(), spool);
        sightings.close();
        authenticator.close();
        forwarder.close();
    }
}
