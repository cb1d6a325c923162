package io.waymark.resolver;

import io.waymark.resolver.admin.ServerAdmins;
import io.waymark.resolver.server.LoadLimits;
import io.waymark.resolver.statistics.StatisticsConfig;
import io.waymark.resolver.tls.TlsSettings;
import io.waymark.resolver.upstream.UpstreamConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The resolver's branch of the configuration.
 *
 * @param listeners where it is reached
 * @param transport how it answers there
 * @param serverAdmins may home prefixes
 * @param statistics what is counted by prefix and day; empty: nothing
 * @param load what happens when more is asked than can be answered
 * @param upstream when other nodes are asked
 */
public record ResolverConfig(
        Listeners listeners,
        Transport transport,
        ServerAdmins serverAdmins,
        Optional<StatisticsConfig> statistics,
        LoadLimits load,
        UpstreamConfig upstream) {
    /** Without statistics, without asking other nodes, with the usual limits. */
    public ResolverConfig(Listeners listeners, Transport transport, ServerAdmins serverAdmins) {
        this(listeners, transport, serverAdmins, Optional.empty(), LoadLimits.defaults(), UpstreamConfig.NONE);
    }

    /**
     * All listeners.
     *
     * @param handle Handle protocol over UDP and TCP (same port on both)
     * @param http resolution over HTTP
     * @param tls TLS on the HTTP listener
     * @param advertisedHost address put into the site record; empty = the first bound address
     */
    public record Listeners(Listener handle, Listener http, TlsSettings tls, String advertisedHost) {
        /** Advertised as bound, with the usual TLS. */
        public Listeners(Listener handle, Listener http) {
            this(handle, http, TlsSettings.defaults(), "");
        }
    }

    /**
     * Where a listener binds.
     *
     * @param hosts addresses, all with the same port; an IPv6 address is skipped where the machine has no IPv6
     * @param port 0 = chosen by the system
     */
    public record Listener(List<String> hosts, int port) {
        /** Copies the hosts. */
        public Listener {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * Connections and datagrams.
     *
     * @param ioThreads event loops
     * @param tcpIdle a connection without traffic is closed after this
     * @param udpAnswerBytesMax larger answers are not sent over UDP
     */
    public record Transport(int ioThreads, Duration tcpIdle, int udpAnswerBytesMax) {
        /** Two event loops, two minutes, four datagrams of 492 octets. */
        public static Transport defaults() {
            return new Transport(2, Duration.ofMinutes(2), 4 * 492);
        }
    }

    /** Loopback, ports 2641 and 8000. */
    public static ResolverConfig defaults() {
        List<String> loopback = List.of("127.0.0.1", "::1");
        return new ResolverConfig(
                new Listeners(new Listener(loopback, 2641), new Listener(loopback, 8000)),
                Transport.defaults(),
                ServerAdmins.NONE);
    }

    /** The same, counting. */
    public ResolverConfig withStatistics(StatisticsConfig counted) {
        return new ResolverConfig(listeners, transport, serverAdmins, Optional.of(counted), load, upstream);
    }

    /** The same with other limits. */
    public ResolverConfig withLoad(LoadLimits limits) {
        return new ResolverConfig(listeners, transport, serverAdmins, statistics, limits, upstream);
    }

    /** The same, asking other nodes so. */
    public ResolverConfig withUpstream(UpstreamConfig asked) {
        return new ResolverConfig(listeners, transport, serverAdmins, statistics, load, asked);
    }
}
