package io.waymark.resolver.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the HTTP listener speaks TLS.
 *
 * @param enabled whether a connection may begin with a TLS handshake
 * @param files the operator's certificate; without, the node makes one for its own key
 * @param clientCertificates whether clients are asked for a certificate; none need have one
 * @param reloadCheck how often the files are looked at
 */
public record TlsSettings(boolean enabled, Optional<Files> files, boolean clientCertificates, Duration reloadCheck) {
    /**
     * A certificate and its key.
     *
     * @param certificate PEM, the chain, own certificate first
     * @param key PEM, unencrypted
     */
    public record Files(Path certificate, Path key) {}

    /** On, with a certificate of the node's own key; clients may show theirs; files looked at every ten seconds. */
    public static TlsSettings defaults() {
        return new TlsSettings(true, Optional.empty(), true, Duration.ofSeconds(10));
    }
}
