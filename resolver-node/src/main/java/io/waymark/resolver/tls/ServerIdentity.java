package io.waymark.resolver.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a TLS server proves itself with.
 *
 * @param key the private key; never logged
 * @param chain the certificate of that key first
 */
record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the chain, refuses an empty one. */
    ServerIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain must have at least one certificate");
        }
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + " until " + expires();
    }
}
