package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.resolver.admin.ServerKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server that can be asked.
 *
 * @param udp where it answers datagrams
 * @param tcp where it answers on connections
 * @param key what its answers must be signed with; empty if they need not
 */
record Hop(Optional<InetSocketAddress> udp, Optional<InetSocketAddress> tcp, Optional<ServerKey> key) {
    private static final int HOPS_MAX = 3;

    /** What it is known by. */
    InetSocketAddress name() {
        return udp.or(() -> tcp).orElseThrow(() -> new IllegalStateException("a hop has an address"));
    }

    /** Of each site the server that holds the handle, as far as it may be talked to; primaries first. */
    static List<Hop> to(Handle handle, List<SiteInfo> sites, Targets targets, SignaturePolicy signatures) {
        List<Hop> hops = new ArrayList<>();
        sites.stream()
                .filter(site -> !site.servers().isEmpty())
                .sorted((a, b) -> Boolean.compare(b.primary(), a.primary()))
                .map(site -> site.serverFor(handle))
                .filter(server -> targets.allows(server.inetAddress()))
                .filter(server -> isUsable(server, signatures))
                .map(server -> of(server, signatures))
                .filter(hop -> hop.udp().isPresent() || hop.tcp().isPresent())
                .limit(HOPS_MAX)
                .forEach(hops::add);
        return hops;
    }

    /** A key that cannot be read is no reason to believe whoever answers. */
    private static boolean isUsable(Server server, SignaturePolicy signatures) {
        boolean keyed = server.publicKey().length > 0;
        return switch (signatures) {
            case REQUIRED -> keyed && key(server).isPresent();
            case KEYED -> !keyed || key(server).isPresent();
            case IGNORED -> true;
        };
    }

    private static Hop of(Server server, SignaturePolicy signatures) {
        return new Hop(
                address(server, Protocol.UDP),
                address(server, Protocol.TCP),
                signatures == SignaturePolicy.IGNORED ? Optional.empty() : key(server));
    }

    private static Optional<ServerKey> key(Server server) {
        try {
            return Optional.of(ServerKey.decode(server.publicKey()));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    private static Optional<InetSocketAddress> address(Server server, Protocol protocol) {
        InetAddress address = server.inetAddress();
        return server.interfaces().stream()
                .filter(i -> i.protocol() == protocol && i.service().query() && i.port() > 0)
                .map(i -> new InetSocketAddress(address, i.port()))
                .findFirst();
    }
}
