package io.waymark.platform.http;

import com.linecorp.armeria.common.DependencyInjector;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.metric.MeterIdPrefixFunction;
import com.linecorp.armeria.common.util.BlockingTaskExecutor;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.docs.DocService;
import com.linecorp.armeria.server.metric.MetricCollectingService;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.waymark.storage.record.Author;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's HTTP door: HTTP/1.1 and HTTP/2 without TLS. Answers from {@link #start} on; what it leads to may change
 * while it runs.
 *
 * <p>Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Only what this node itself serves; no inline script, no frame around us. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /** Armeria's documentation page styles itself from script. */
    private static final String DOCS_SECURITY_POLICY =
            CONTENT_SECURITY_POLICY + "; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";

    private static final int IO_THREADS = 2;
    private static final int BLOCKING_THREADS = 8;
    private static final int REQUEST_LINE_BYTES_MAX = 16 << 10;
    private static final Duration DRAIN_MAX = Duration.ofSeconds(2);
    private static final Duration CLOSE_MAX = Duration.ofMillis(200);
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** The server's own time-out, which can still answer, goes first. */
    private static final Duration HEADERS_GRACE = Duration.ofSeconds(2);

    private final HttpConfig config;
    private final List<InetSocketAddress> addresses;
    private final HealthService health;
    private final OperatorOnly operators;
    private final PrometheusMeterRegistry metrics;
    private final EventLoopGroup loops = EventLoopGroups.newEventLoopGroup(IO_THREADS, "waymark-http");
    private final BlockingTaskExecutor blocking = BlockingTaskExecutor.builder()
            .numThreads(BLOCKING_THREADS)
            .threadNamePrefix("waymark-http-blocking")
            .build();
    private final Drain drain = new Drain();
    private final SlowHeaders slowHeaders;
    private final Server server;
    private volatile ApiParts parts;

    private HttpServer(
            HttpConfig config,
            List<InetSocketAddress> addresses,
            Health health,
            Predicate<String> isOperatorToken,
            ApiParts parts,
            PrometheusMeterRegistry metrics) {
        this.config = config;
        this.addresses = addresses;
        this.health = new HealthService(health, metrics);
        this.operators = new OperatorOnly(isOperatorToken, metrics);
        this.metrics = metrics;
        this.parts = parts;
        this.slowHeaders = new SlowHeaders(config.requestTimeout().plus(HEADERS_GRACE), metrics);
        ServerBuilder builder = Server.builder();
        configure(builder, parts);
        this.server = builder.build();
    }

    /**
     * Binds and answers when it returns.
     *
     * @param isOperatorToken decides whether a bearer token is the operator's; compares in constant time
     * @param parts what runs here; see {@link #lead}
     * @throws BindException if an address is taken, naming it
     */
    public static HttpServer start(
            HttpConfig config,
            Health health,
            Predicate<String> isOperatorToken,
            ApiParts parts,
            PrometheusMeterRegistry metrics)
            throws BindException {
        List<InetSocketAddress> addresses = BindAddresses.choose("platform.http", config.hosts(), config.port());
        HttpServer http = new HttpServer(config, addresses, health, isOperatorToken, parts, metrics);
        try {
            http.server.start().join();
        } catch (CompletionException e) {
            http.closeThreads();
            BindException failed =
                    new BindException("platform.http cannot listen on " + addresses + ": " + e.getCause());
            failed.initCause(e);
            throw failed;
        }
        return http;
    }

    /** Keeps this server's series few; to be set on the registry before anything registers there. */
    public static MeterFilter meterFilter() {
        return HttpMeters.filter();
    }

    /** The first address that is bound. */
    public InetSocketAddress address() {
        return addresses.get(0);
    }

    /** Leads to these rooms from now on; requests under way end where they began. */
    public void lead(ApiParts parts) {
        this.parts = parts;
        server.reconfigure(builder -> configure(builder, parts));
    }

    /**
     * Refuses new requests, tells who watches devices that it is over, lets requests under way end for up to two seconds,
     * closes.
     */
    @Override
    public void close() {
        try {
            drain.begin();
            parts.devices().ifPresent(devices -> devices.fleet().live().tail().end());
            int cut = drain.await(DRAIN_MAX);
            if (cut > 0) {
                LOG.info("{} requests did not end in {} s and are cut off", cut, DRAIN_MAX.toSeconds());
            }
            server.stop().get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // the ports are closed; what is left of the server winds down by itself
        } catch (ExecutionException e) {
            throw new IllegalStateException("the HTTP server did not stop", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeThreads();
        }
    }

    private void closeThreads() {
        blocking.shutdown();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private void configure(ServerBuilder server, ApiParts parts) {
        addresses.forEach(server::http);
        limits(server);
        server.meterRegistry(metrics)
                .dependencyInjector(DependencyInjector.ofSingletons(operators, senders(parts)), false)
                .errorHandler(new ErrorPages(metrics))
                .decorator(MetricCollectingService.newDecorator(MeterIdPrefixFunction.ofDefault(HttpMeters.PREFIX)))
                .decorator(drain)
                .decorator(slowHeaders)
                .disableServerHeader();
        securityHeaders(server);
        services(server, parts);
        server.serviceUnder("/docs", docs());
        server.serviceUnder("/", new ConsoleService());
    }

    private SenderOnly senders(ApiParts parts) {
        return new SenderOnly(operators, parts.devices().map(ApiParts.Devices::ingest), metrics);
    }

    private void limits(ServerBuilder server) {
        server.workerGroup(loops, false)
                .blockingTaskExecutor(blocking, false)
                .maxNumConnections(config.connectionsMax())
                .maxRequestLength(config.requestBytesMax())
                .requestTimeout(config.requestTimeout())
                .idleTimeout(IDLE)
                .childChannelPipelineCustomizer(slowHeaders::watch)
                .http1MaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
                .unloggedExceptionsReportInterval(Duration.ZERO) // ErrorPages tells and counts
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO);
    }

    private static void securityHeaders(ServerBuilder server) {
        server.setHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
                .setHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .setHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                .setHeader(HttpHeaderNames.X_FRAME_OPTIONS, "DENY");
    }

    private void services(ServerBuilder server, ApiParts parts) {
        server.annotatedService(health)
                .annotatedService(
                        new LookupService(parts.recognizer(), parts.registry().map(ApiParts.Registry::records)));
        parts.registry()
                .flatMap(ApiParts.Registry::statistics)
                .ifPresent(statistics -> server.annotatedService(new StatisticsService(statistics)));
        parts.registry().ifPresent(registry -> {
            server.annotatedService(new RegistryService(
                    registry.registrar().by(Author.OPERATOR), registry.records(), operators, parts.clock()));
            server.annotatedService()
                    .requestTimeout(Duration.ZERO)
                    .maxRequestLength(config.importBytesMax())
                    .build(new ImportService(registry.registrar().by(Author.IMPORT), parts.clock()));
            server.annotatedService()
                    .requestTimeout(Duration.ZERO)
                    .maxRequestLength(config.importBytesMax())
                    .build(new BulkImportService(registry.records(), registry.statistics(), parts.clock()));
            server.annotatedService()
                    .requestTimeout(Duration.ZERO)
                    .build(new ExportService(registry.registrar(), registry.records()));
        });
        parts.devices().ifPresent(devices -> {
            // before the devices, whose paths begin the same
            server.annotatedService(new CommandService(devices.commands()));
            server.annotatedService(new DeviceService(devices.fleet()));
            server.annotatedService(new GroupService(devices.fleet()));
            server.annotatedService()
                    .requestTimeout(Duration.ZERO)
                    .build(new TailService(devices.fleet().live().tail()));
            server.annotatedService()
                    .requestTimeout(config.requestTimeout()
                            .plus(devices.ingest().limits().kafkaWaitMax()))
                    .build(new IngestService(devices.ingest(), config.requestBytesMax()));
            devices.ledger().ifPresent(ledger -> server.annotatedService(new LedgerService(ledger)));
        });
        parts.trace().ifPresent(server::annotatedService);
    }

    private static HttpService docs() {
        return new DocService().decorate((delegate, ctx, request) -> {
            ctx.setAdditionalResponseHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, DOCS_SECURITY_POLICY);
            return delegate.serve(ctx, request);
        });
    }
}
