package io.waymark.resolver.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.FragmentAssembler;
import io.waymark.resolver.wire.MalformedMessageException;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the resolver counts. Meters are made once, so that counting on the hot path is one addition. Safe for any thread. */
public final class ResolverMetrics {
    /** Counts requests of a source. */
    public interface Sources {
        /** Any thread. */
        void add(InetAddress source, int requests);
    }

    private final MeterRegistry registry;
    private final Sources sources;
    private final Map<Transport, Map<ResponseCode, Counter>> requests = new EnumMap<>(Transport.class);
    private final Map<Transport, Timer> latency = new EnumMap<>(Transport.class);
    private final Map<Transport, Map<MalformedMessageException.Reason, Counter>> malformed =
            new EnumMap<>(Transport.class);
    private final Map<FragmentAssembler.Outcome, Counter> slices = new EnumMap<>(FragmentAssembler.Outcome.class);
    private final Map<String, Map<Integer, Counter>> http = new ConcurrentHashMap<>();
    private final Counter overCap;
    private final Counter limitedTold;
    private final Counter limitedDropped;
    private final Counter unsent;
    private final Counter busy;
    private final AtomicInteger tcpConnections = new AtomicInteger();
    private final AtomicInteger httpConnections = new AtomicInteger();

    /**
     * Counts no sources.
     *
     * @param registry takes the meters, named {@code waymark.resolver.…}
     */
    public ResolverMetrics(MeterRegistry registry) {
        this(registry, (source, requests) -> {});
    }

    /**
     * @param registry takes the meters, named {@code waymark.resolver.…}
     * @param sources told where requests come from
     */
    public ResolverMetrics(MeterRegistry registry, Sources sources) {
        this.registry = registry;
        this.sources = sources;
        for (Transport transport : Transport.values()) {
            requests.put(transport, requestCounters(transport));
            malformed.put(transport, malformedCounters(transport));
            latency.put(
                    transport,
                    Timer.builder("waymark.resolver.latency")
                            .description("From having the request to having the answer; one request in 64")
                            .tag("transport", transport.tag())
                            .publishPercentiles(0.5, 0.99)
                            .register(registry));
        }
        for (FragmentAssembler.Outcome outcome : FragmentAssembler.Outcome.values()) {
            slices.put(
                    outcome,
                    Counter.builder("waymark.resolver.udp.slices")
                            .description("Datagrams of requests that came in several")
                            .tag("outcome", outcome.tag())
                            .register(registry));
        }
        overCap = Counter.builder("waymark.resolver.udp.overcap")
                .description("Answers too large for UDP, not sent")
                .register(registry);
        limitedTold = limited("busy");
        limitedDropped = limited("dropped");
        unsent = Counter.builder("waymark.resolver.udp.unsent")
                .description("Answers dropped because the socket could not take them")
                .register(registry);
        busy = Counter.builder("waymark.resolver.busy")
                .description("Requests refused because too many were waiting for a worker")
                .register(registry);
        registry.gauge("waymark.resolver.tcp.connections", tcpConnections);
        registry.gauge("waymark.resolver.http.connections", httpConnections);
    }

    private Map<ResponseCode, Counter> requestCounters(Transport transport) {
        Map<ResponseCode, Counter> counters = new EnumMap<>(ResponseCode.class);
        for (ResponseCode code : ResponseCode.values()) {
            counters.put(
                    code,
                    Counter.builder("waymark.resolver.requests")
                            .description("Requests answered")
                            .tag("transport", transport.tag())
                            .tag("outcome", word(code))
                            .register(registry));
        }
        return counters;
    }

    private Map<MalformedMessageException.Reason, Counter> malformedCounters(Transport transport) {
        Map<MalformedMessageException.Reason, Counter> counters = new EnumMap<>(MalformedMessageException.Reason.class);
        for (MalformedMessageException.Reason reason : MalformedMessageException.Reason.values()) {
            counters.put(
                    reason,
                    Counter.builder("waymark.resolver.malformed")
                            .description("Messages that could not be read")
                            .tag("transport", transport.tag())
                            .tag("reason", reason.tag())
                            .register(registry));
        }
        return counters;
    }

    private Counter limited(String outcome) {
        return Counter.builder("waymark.resolver.udp.limited")
                .description(
                        "Requests over UDP whose source was over its rate: told that the server is busy, or dropped")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <K, V> V of(Map<K, V> meters, K key) {
        V meter = meters.get(key);
        if (meter == null) {
            throw new IllegalStateException("no meter for " + key);
        }
        return meter;
    }

    void from(InetAddress source, int requests) {
        sources.add(source, requests);
    }

    void answered(Transport transport, ResponseCode code) {
        answered(transport, code, 1);
    }

    void answered(Transport transport, ResponseCode code, int count) {
        of(of(requests, transport), code).increment(count);
    }

    void malformed(Transport transport, MalformedMessageException.Reason reason) {
        of(of(malformed, transport), reason).increment();
    }

    void took(Transport transport, long nanos) {
        of(latency, transport).record(nanos, TimeUnit.NANOSECONDS);
    }

    void slice(FragmentAssembler.Outcome outcome) {
        of(slices, outcome).increment();
    }

    void overUdpCap() {
        overCap.increment();
    }

    /** A request whose source was over its rate; told so or not. */
    void rateLimited(boolean told) {
        (told ? limitedTold : limitedDropped).increment();
    }

    /** Answers that a full socket did not take; the client asks again. */
    void udpUnsent(int count) {
        unsent.increment(count);
    }

    void busy() {
        busy.increment();
    }

    void http(String route, int status) {
        http.computeIfAbsent(route, r -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        status,
                        code -> Counter.builder("waymark.resolver.http.requests")
                                .description("HTTP requests")
                                .tag("route", route)
                                .tag("status", Integer.toString(code))
                                .register(registry))
                .increment();
    }

    /** Counts a TLS handshake. */
    void handshake(boolean success) {
        registry.counter("waymark.resolver.tls.handshakes", "outcome", success ? "success" : "failure")
                .increment();
    }

    /** Counts a connection that broke a limit. */
    void connectionRefused(Transport transport, String reason) {
        Counter.builder("waymark.resolver.connections.refused")
                .description("Connections closed for breaking a limit")
                .tag("transport", transport.tag())
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    AtomicInteger connections(Transport transport) {
        return transport == Transport.HTTP ? httpConnections : tcpConnections;
    }

    void watch(FragmentAssembler assembler, String loop) {
        Gauge.builder("waymark.resolver.udp.reassembly.messages", assembler, FragmentAssembler::pending)
                .tag("loop", loop)
                .register(registry);
        Gauge.builder("waymark.resolver.udp.reassembly.bytes", assembler, FragmentAssembler::pendingBytes)
                .tag("loop", loop)
                .register(registry);
    }
}
