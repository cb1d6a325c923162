package io.waymark.resolver;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.upstream.SignaturePolicy;
import io.waymark.resolver.upstream.Targets;
import io.waymark.resolver.upstream.UpstreamConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Prefixes that other nodes serve, and nodes that ask these. */
final class Delegations {
    private Delegations() {}

    /** All delegated prefixes are asked for, on this machine too, within this time. */
    static UpstreamConfig asking(SignaturePolicy signatures, Set<String> identities, Duration deadline) {
        return asking(signatures, identities, deadline, Optional.empty());
    }

    static UpstreamConfig asking(
            SignaturePolicy signatures, Set<String> identities, Duration deadline, Optional<Path> root) {
        UpstreamConfig none = UpstreamConfig.NONE;
        return new UpstreamConfig(
                Set.of("*"),
                Targets.ANY,
                Duration.ofMillis(100),
                deadline,
                none.inFlightMax(),
                none.inFlightPerServerMax(),
                none.cacheBytes(),
                none.negativeTtl(),
                none.recursionMax(),
                signatures,
                identities,
                root);
    }

    static void delegate(NodeHarness at, String prefix, SiteInfo site) {
        HandleValue value = HandleValue.of(1, "HS_SITE", SiteInfoCodec.encode(site), 0);
        RecordChange change = new RecordChange.Put(new Handle("0.NA/" + prefix), List.of(value), List.of());
        at.records.apply(List.of(change)).orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** The same site with another key. */
    static SiteInfo keyed(SiteInfo site, byte[] key) {
        List<Server> servers = site.servers().stream()
                .map(s -> new Server(s.id(), s.address(), key, s.interfaces()))
                .toList();
        return new SiteInfo(
                site.version(),
                site.protocolMajor(),
                site.protocolMinor(),
                site.serial(),
                site.primary(),
                site.multiPrimary(),
                site.hashOption(),
                site.attributes(),
                servers);
    }
}
