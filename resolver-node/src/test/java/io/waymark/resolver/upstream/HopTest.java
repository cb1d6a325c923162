package io.waymark.resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HopTest {
    private static final Handle HANDLE = new Handle("88.118.8/ABC123");

    private static Server server(int id, String address, Interface... interfaces) throws UnknownHostException {
        return Server.at(id, InetAddress.getByName(address), new byte[0], List.of(interfaces));
    }

    private static Interface udp(Service service) {
        return new Interface(service, Protocol.UDP, 2641);
    }

    private static SiteInfo site(boolean primary, HashOption hash, Server... servers) {
        return new SiteInfo(1, 2, 11, 1, primary, false, hash, List.of(), List.of(servers));
    }

    @Test
    void asksTheServerTheHandleHashesTo() throws UnknownHostException {
        Server[] servers = {
            server(1, "9.0.0.1", udp(Service.QUERY)),
            server(2, "9.0.0.2", udp(Service.QUERY)),
            server(3, "9.0.0.3", udp(Service.QUERY))
        };

        // 373399004 mod 3 = 2, 1993617733 mod 3 = 1, 48011690 mod 3 = 2
        assertThat(hosts(site(true, HashOption.WHOLE_HANDLE, servers))).containsExactly("9.0.0.3");
        assertThat(hosts(site(true, HashOption.PREFIX, servers))).containsExactly("9.0.0.2");
        assertThat(hosts(site(true, HashOption.SUFFIX, servers))).containsExactly("9.0.0.3");
    }

    @Test
    void asksPrimariesFirstAndAtMostThreeSites() throws UnknownHostException {
        SiteInfo mirror = site(false, HashOption.WHOLE_HANDLE, server(1, "9.0.0.1", udp(Service.QUERY)));
        SiteInfo primary = site(true, HashOption.WHOLE_HANDLE, server(1, "9.0.0.2", udp(Service.QUERY)));

        assertThat(hosts(mirror, primary, mirror, mirror)).containsExactly("9.0.0.2", "9.0.0.1", "9.0.0.1");
    }

    @Test
    void leavesOutWhatDoesNotAnswerQueriesOrMayNotBeTalkedTo() throws UnknownHostException {
        SiteInfo admin = site(true, HashOption.WHOLE_HANDLE, server(1, "9.0.0.1", udp(Service.ADMIN)));
        SiteInfo http = site(
                true, HashOption.WHOLE_HANDLE, server(1, "9.0.0.2", new Interface(Service.QUERY, Protocol.HTTP, 8000)));
        SiteInfo inside = site(true, HashOption.WHOLE_HANDLE, server(1, "10.0.0.1", udp(Service.QUERY)));
        SiteInfo nobody = site(true, HashOption.WHOLE_HANDLE);

        assertThat(hosts(admin, http, inside, nobody)).isEmpty();
    }

    private static List<String> hosts(SiteInfo... sites) {
        return Hop.to(HANDLE, List.of(sites), Targets.PUBLIC, SignaturePolicy.KEYED).stream()
                .map(Hop::name)
                .map(InetSocketAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .toList();
    }
}
