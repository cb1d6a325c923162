package io.waymark.resolver;

import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Attribute;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.resolve.SiteRecord;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Describes the node as a Handle site of one server. */
final class OwnSite {
    private OwnSite() {}

    static SiteInfo of(ResolverConfig.Listeners listeners, byte[] publicKey, int handlePort, int httpPort) {
        // datagrams cannot carry administration: its answers and requests outgrow them
        List<Interface> interfaces = new ArrayList<>(List.of(
                new Interface(Service.QUERY, Protocol.UDP, handlePort),
                new Interface(Service.ADMIN_AND_QUERY, Protocol.TCP, handlePort),
                new Interface(Service.ADMIN_AND_QUERY, Protocol.HTTP, httpPort)));
        if (listeners.tls().enabled()) {
            interfaces.add(new Interface(Service.ADMIN_AND_QUERY, Protocol.HTTPS, httpPort));
        }
        return new SiteInfo(
                1,
                ProtocolVersion.NEWEST.major(),
                ProtocolVersion.NEWEST.minor(),
                SiteRecord.SERIAL,
                true,
                false,
                HashOption.WHOLE_HANDLE,
                List.of(new Attribute("desc", "Waymark resolver")),
                List.of(Server.at(1, advertised(listeners), publicKey, interfaces)));
    }

    /** What clients may call the node, for its certificate. */
    static List<String> names(ResolverConfig.Listeners listeners) {
        Set<String> names = new LinkedHashSet<>();
        if (!listeners.advertisedHost().isEmpty()) {
            names.add(listeners.advertisedHost());
        }
        names.add(advertised(listeners).getHostAddress());
        names.add("localhost");
        return List.copyOf(names);
    }

    private static InetAddress advertised(ResolverConfig.Listeners listeners) {
        String host = listeners.advertisedHost().isEmpty()
                ? listeners.handle().hosts().get(0)
                : listeners.advertisedHost();
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isAnyLocalAddress() ? InetAddress.getLocalHost() : address;
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("advertisedHost " + host + " is no known host", e);
        }
    }
}
