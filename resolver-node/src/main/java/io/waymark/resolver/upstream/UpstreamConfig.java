package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When and how questions are passed on to the nodes of delegated prefixes.
 *
 * @param prefixes whose questions are passed on if the asker wishes; {@code *} stands for all; empty = none are
 * @param targets addresses that may be talked to
 * @param attempt how long the first datagram is waited for; the second twice as long, then TCP
 * @param deadline for a question altogether
 * @param inFlightMax questions on their way at once; more are referred
 * @param inFlightPerServerMax of these, to one server
 * @param cacheBytes memory for answers
 * @param negativeTtl how long it is remembered that there is no such handle
 * @param recursionMax a question passed on as often as this goes no further
 * @param signatures which answers count
 * @param identities whose keys are fetched from other nodes, by prefix; {@code *} stands for all; empty = nobody's
 * @param root file with the site record of the node that is asked who serves prefixes this one does not know
 */
public record UpstreamConfig(
        Set<String> prefixes,
        Targets targets,
        Duration attempt,
        Duration deadline,
        int inFlightMax,
        int inFlightPerServerMax,
        long cacheBytes,
        Duration negativeTtl,
        int recursionMax,
        SignaturePolicy signatures,
        Set<String> identities,
        Optional<Path> root) {
    /** No prefix; public addresses; 500 ms, 3 s; 2048 and 256 questions; 32 MiB; 1 minute; 10 times; signed if keyed. */
    public static final UpstreamConfig NONE = new UpstreamConfig(
            Set.of(),
            Targets.PUBLIC,
            Duration.ofMillis(500),
            Duration.ofSeconds(3),
            2048,
            256,
            32L << 20,
            Duration.ofMinutes(1),
            10,
            SignaturePolicy.KEYED,
            Set.of(),
            Optional.empty());

    /** Folds the prefixes. */
    public UpstreamConfig {
        prefixes = folded(prefixes);
        identities = folded(identities);
    }

    private static Set<String> folded(Set<String> prefixes) {
        return prefixes.stream().map(Handle::foldAscii).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether other nodes are asked at all. */
    public boolean enabled() {
        return !prefixes.isEmpty() || !identities.isEmpty();
    }

    /** Whether questions under a prefix are passed on. */
    boolean allows(String prefix) {
        return includes(prefixes, prefix);
    }

    /** Whether keys of identities under a prefix are fetched. */
    boolean knowsIdentitiesOf(String prefix) {
        return includes(identities, prefix);
    }

    private static boolean includes(Set<String> prefixes, String prefix) {
        return prefixes.contains("*") || prefixes.contains(Handle.foldAscii(prefix));
    }
}
