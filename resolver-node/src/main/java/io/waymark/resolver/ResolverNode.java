package io.waymark.resolver;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.waymark.identifier.Recognizer;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.resolver.access.Admission;
import io.waymark.resolver.admin.AdminProtocol;
import io.waymark.resolver.admin.Administration;
import io.waymark.resolver.admin.Authenticator;
import io.waymark.resolver.admin.ForeignKeys;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Pending;
import io.waymark.resolver.admin.Proofs;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.http.AdminCalls;
import io.waymark.resolver.http.BrowserDoor;
import io.waymark.resolver.http.DigitalLinkDoor;
import io.waymark.resolver.http.HandleApi;
import io.waymark.resolver.http.Redirects;
import io.waymark.resolver.http.WebDoor;
import io.waymark.resolver.rate.ResponseRateLimiter;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteHistory;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.server.ColdPath;
import io.waymark.resolver.server.EventLoops;
import io.waymark.resolver.server.HandlerFactory;
import io.waymark.resolver.server.Listeners;
import io.waymark.resolver.server.RequestProcessor;
import io.waymark.resolver.server.ResolverMetrics;
import io.waymark.resolver.server.UdpLimits;
import io.waymark.resolver.server.Workers;
import io.waymark.resolver.signature.Signatures;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.resolver.tls.TlsContexts;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Recursion;
import io.waymark.resolver.upstream.RemoteKeys;
import io.waymark.resolver.upstream.wire.UpstreamSockets;
import io.waymark.resolver.wire.BriefAnswer;
import io.waymark.resolver.wire.FastResolution;
import io.waymark.resolver.wire.RecordReader;
import io.waymark.resolver.wire.ResponseEncoder;
import io.waymark.storage.record.RecordStore;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resolver: Handle protocol over UDP, TCP and HTTP, JSON REST, redirects and Digital Links, over one record store. Safe
 * for any thread.
 */
public final class ResolverNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResolverNode.class);

    /** May do everything, having shown the operator's token. */
    private static final ServerAdmins OPERATOR = new ServerAdmins(List.of(Administration.OPERATOR), true);

    private final EventLoops loops;
    private final Listeners listeners;
    private final ColdPath cold;
    private final List<Workers> pools;
    private final Registrar registrar;
    private final SiteRecord site;
    private final Optional<Recursion> recursion;
    private final Optional<Statistics> statistics;
    private final InetSocketAddress handleAddress;
    private final InetSocketAddress httpAddress;

    private ResolverNode(
            EventLoops loops,
            Listeners listeners,
            ColdPath cold,
            List<Workers> pools,
            Registrar registrar,
            SiteRecord site,
            Optional<Recursion> recursion,
            Optional<Statistics> statistics,
            InetSocketAddress handleAddress,
            InetSocketAddress httpAddress) {
        this.loops = loops;
        this.listeners = listeners;
        this.cold = cold;
        this.pools = pools;
        this.registrar = registrar;
        this.site = site;
        this.recursion = recursion;
        this.statistics = statistics;
        this.handleAddress = handleAddress;
        this.httpAddress = httpAddress;
    }

    /**
     * Binds every listener and answers when it returns.
     *
     * @param records not closed by the node
     * @param keyDirectory keeps the node's RSA key (made at first start, owner-only), and what its site record was
     * @param isOperatorToken decides whether a bearer token may write (constant-time; owned by platform)
     * @throws java.io.UncheckedIOException if a listener cannot be bound, or the key or the root's site cannot be read; names which
     */
    public static ResolverNode start(
            ResolverConfig config,
            RecordStore records,
            Path keyDirectory,
            Predicate<String> isOperatorToken,
            MeterRegistry metrics,
            Clock clock) {
        NodeKey key = NodeKey.loadOrCreate(keyDirectory);
        ResolverConfig.Listeners bindings = config.listeners();
        Optional<TlsContexts> tls = bindings.tls().enabled()
                ? Optional.of(TlsContexts.open(bindings.tls(), key.keyPair(), OwnSite.names(bindings), metrics, clock))
                : Optional.empty();
        SiteRecord site = new SiteRecord(
                OwnSite.of(
                        bindings,
                        key.publicKey(),
                        bindings.handle().port(),
                        bindings.http().port()),
                Optional.of(SiteHistory.open(keyDirectory)));
        Resolver resolver = new Resolver(records, site);
        Homing homing = new Homing(records, site);
        Optional<Statistics> statistics = config.statistics().map(s -> Statistics.open(s, metrics, clock));
        Optional<Recursion> recursion = config.upstream().enabled()
                ? Optional.of(new Recursion(config.upstream(), new UpstreamSockets(), metrics, clock))
                : Optional.empty();
        Optional<SiteInfo> root = config.upstream().root().map(RootSite::read);
        Lookup lookup = new Lookup(resolver, recursion, statistics);
        Registrar registrar = new Registrar(
                records,
                homing,
                code -> Recognizer.recognize(code).identifier(),
                clock,
                (handle, outcome) -> statistics.ifPresent(s -> s.lane().count(handle.text(), measure(outcome))));
        ResolverMetrics counters = statistics
                .map(s -> new ResolverMetrics(metrics, s.sources()::add))
                .orElseGet(() -> new ResolverMetrics(metrics));
        Workers workers = new Workers(metrics);
        Workers proofThreads = Workers.forProofs(metrics);
        Workers handshakes = Workers.forHandshakes(metrics);
        List<Workers> pools = List.of(proofThreads, handshakes, workers);
        Proofs proofs = new Proofs(proofThreads);
        Authenticator authenticator = new Authenticator(
                records,
                homing,
                recursion
                        .<ForeignKeys>map(r -> new RemoteKeys(resolver, r, root, metrics))
                        .orElse(ForeignKeys.NONE));
        Administration administration = new Administration(records, homing, resolver, registrar, config.serverAdmins());
        Admission admission = new Admission(records, authenticator, isOperatorToken, proofs, System::nanoTime, metrics);
        AdminCalls calls = new AdminCalls(
                administration, new Administration(records, homing, resolver, registrar, OPERATOR), workers);
        Signatures signatures = new Signatures(registrar, records::find, key, workers);
        Pending pending = new Pending();
        RequestProcessor general = new RequestProcessor(
                resolver,
                lookup,
                site,
                adminProtocol(administration, authenticator, pending, proofs, metrics),
                new ResponseEncoder(SiteRecord.SERIAL, clock),
                key,
                workers,
                counters);
        ColdPath cold = new ColdPath(
                config.load().coldReads(),
                () -> fast(records, RecordReader.DISK, statistics, clock),
                general::process,
                counters,
                metrics);
        HandlerFactory handlers = new HandlerFactory(
                cold,
                new WebDoor(
                        new HandleApi(
                                lookup,
                                resolver,
                                records,
                                registrar,
                                site,
                                admission,
                                calls,
                                signatures,
                                key,
                                proofs,
                                clock),
                        new DigitalLinkDoor(records, resolver, lookup::found),
                        new BrowserDoor(
                                lookup,
                                records::findByAlias,
                                signatures,
                                new Redirects(
                                        clock, () -> ThreadLocalRandom.current().nextDouble()),
                                workers)),
                () -> fast(records, RecordReader.MEMORY, statistics, clock),
                new BriefAnswer(SiteRecord.SERIAL, clock),
                config.transport().tcpIdle(),
                udpLimits(config, pending, metrics),
                config.load().connections(),
                counters,
                tls,
                handshakes);
        EventLoops loops = new EventLoops(config.transport().ioThreads());
        tls.ifPresent(
                contexts -> loops.every(bindings.tls().reloadCheck(), () -> workers.tryExecute(contexts::reload)));
        Listeners listeners = new Listeners(loops);
        try {
            InetSocketAddress handle = listeners.handle(
                    bindings.handle().hosts(), bindings.handle().port(), handlers);
            InetSocketAddress http =
                    listeners.http(bindings.http().hosts(), bindings.http().port(), handlers);
            SiteInfo bound = OwnSite.of(bindings, key.publicKey(), handle.getPort(), http.getPort());
            site.publish(bound, clock.instant());
            LOG.info(
                    "resolving on {} (UDP and TCP) and {} (HTTP{})", handle, http, tls.isPresent() ? " and HTTPS" : "");
            return new ResolverNode(
                    loops, listeners, cold, pools, registrar, site, recursion, statistics, handle, http);
        } catch (RuntimeException e) {
            recursion.ifPresent(Recursion::close);
            statistics.ifPresent(Statistics::close);
            listeners.close();
            loops.close();
            cold.close();
            pools.forEach(Workers::close);
            throw e;
        }
    }

    private static Measure measure(Outcome outcome) {
        return switch (outcome.kind()) {
            case CREATED -> Measure.CREATED;
            case REPLACED -> Measure.REPLACED;
            case DELETED -> Measure.DELETED;
            case REFUSED -> Measure.REGISTRATION_REFUSED;
        };
    }

    /** Of the calling thread, whose counters it uses. */
    private static FastResolution fast(
            RecordStore records, RecordReader reader, Optional<Statistics> statistics, Clock clock) {
        return new FastResolution(
                records,
                reader,
                SiteRecord.SERIAL,
                clock,
                statistics.map(Statistics::lane).orElse(null));
    }

    private static UdpLimits udpLimits(ResolverConfig config, Pending pending, MeterRegistry metrics) {
        ResponseRateLimiter limiter = new ResponseRateLimiter(config.load().udpRate(), System.nanoTime());
        Gauge.builder("waymark.resolver.udp.sources", limiter, l -> l.activeSources(System.nanoTime()))
                .description("Networks whose allowance of datagrams is not full, at most "
                        + config.load().udpRate().sourcesMax())
                .register(metrics);
        return new UdpLimits(config.transport().udpAnswerBytesMax(), limiter, pending::isProven);
    }

    private static AdminProtocol adminProtocol(
            Administration administration,
            Authenticator authenticator,
            Pending pending,
            Proofs proofs,
            MeterRegistry metrics) {
        Gauge.builder("waymark.resolver.challenges", pending, Pending::challenges)
                .description("Challenges that wait for their answers")
                .register(metrics);
        Gauge.builder("waymark.resolver.sessions", pending, Pending::sessions)
                .description("Sessions with administrators")
                .register(metrics);
        FunctionCounter.builder("waymark.resolver.challenges.crowded", pending, Pending::challengesCrowdedOut)
                .description("Challenges forgotten before they were answered, for others")
                .register(metrics);
        FunctionCounter.builder("waymark.resolver.sessions.crowded", pending, Pending::sessionsCrowdedOut)
                .description("Sessions forgotten before they ended, for others")
                .register(metrics);
        FunctionCounter.builder("waymark.resolver.proofs.refused", proofs, Proofs::refused)
                .description("Proofs not looked at because too many waited, of all or of one source")
                .register(metrics);
        return new AdminProtocol(administration, authenticator, pending, proofs, System::nanoTime);
    }

    /** Where UDP requests are answered: the first host's address. */
    public InetSocketAddress handleUdpAddress() {
        return handleAddress;
    }

    /** Where TCP requests are answered: the first host's address, the same port as UDP. */
    public InetSocketAddress handleTcpAddress() {
        return handleAddress;
    }

    /** Where HTTP requests are answered: the first host's address. */
    public InetSocketAddress httpAddress() {
        return httpAddress;
    }

    /** This node as a Handle site: where it listens, and the key it signs with. */
    public SiteInfo site() {
        return site.current();
    }

    /** What is counted, if anything is. */
    public Optional<Statistics> statistics() {
        return statistics;
    }

    /** Shared with platform HTTP (registry, prefix add, import). */
    public Registrar registrar() {
        return registrar;
    }

    /** Stops listening, lets what is under way on the workers finish, ends the connections. */
    @Override
    public void close() {
        listeners.close();
        cold.close();
        pools.forEach(Workers::close);
        loops.close();
        recursion.ifPresent(Recursion::close);
        statistics.ifPresent(Statistics::close);
    }
}
