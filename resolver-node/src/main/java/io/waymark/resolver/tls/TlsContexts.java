package io.waymark.resolver.tls;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS contexts of the node: TLS 1.3 and 1.2 with forward secrecy and authenticated ciphers, nothing older.
 *
 * <pre>
 * the operator has a certificate, and the client names a host (SNI)   → the operator's
 * the operator has a certificate for the node's own key               → the operator's
 * else                                                                → one the node makes for its own key
 * </pre>
 *
 * <p>Handle clients connect by address and demand the very key of the site record; browsers connect by name and demand an
 * authority's signature. So both are served on one port.
 *
 * <p>Client certificates are asked for if so set and taken whoever signed them: the handshake proves that the client holds
 * the key, and who that makes him is decided later, against the public key in a handle record.
 *
 * <p>Safe for any thread.
 *
 * @see "RFC 8446 The Transport Layer Security (TLS) Protocol Version 1.3"
 */
public final class TlsContexts {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final long SESSIONS_MAX = 20_000;
    private static final long SESSION_SECONDS_MAX = Duration.ofHours(1).toSeconds();

    private final TlsSettings settings;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final PublicKey nodeKey;
    private final SslContext own;
    private volatile @Nullable Loaded operators;
    private volatile String refused = "";

    private record Loaded(String fingerprint, ServerIdentity identity, SslContext context) {
        boolean isOf(PublicKey key) {
            return identity.certificate().getPublicKey().equals(key);
        }
    }

    private TlsContexts(TlsSettings settings, ServerIdentity own, MeterRegistry metrics, Clock clock) {
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.nodeKey = own.certificate().getPublicKey();
        this.own = context(own);
    }

    /**
     * Makes the node's certificate and reads the operator's.
     *
     * @param nodeKey RSA, the key in the site record
     * @param names the node's host names and addresses
     * @throws UncheckedIOException naming the file that cannot be used
     */
    public static TlsContexts open(
            TlsSettings settings, KeyPair nodeKey, List<String> names, MeterRegistry metrics, Clock clock) {
        TlsContexts contexts =
                new TlsContexts(settings, SelfSigned.of(nodeKey, names, clock.instant()), metrics, clock);
        settings.files().ifPresent(contexts::loadFirst);
        return contexts;
    }

    private void loadFirst(TlsSettings.Files files) {
        try {
            operators = load(files);
        } catch (IOException e) {
            throw new UncheckedIOException("TLS: " + e.getMessage(), e);
        }
        Gauge.builder("waymark.resolver.tls.certificate.expiry", this, TlsContexts::secondsLeft)
                .description("Seconds until the operator's certificate expires; negative once it has")
                .baseUnit("seconds")
                .register(metrics);
    }

    /** The context for a client. */
    public SslContext forHost(@Nullable String host) {
        Loaded loaded = operators;
        if (loaded == null) {
            return own;
        }
        return host != null || loaded.isOf(nodeKey) ? loaded.context() : own;
    }

    /**
     * Looks whether the operator's files have changed and takes them if they can be used; else the old ones stay. Reads
     * files: not for an event loop.
     */
    public void reload() {
        Loaded loaded = operators;
        if (loaded == null) {
            return;
        }
        TlsSettings.Files files = settings.files().orElseThrow();
        try {
            String now = PemFiles.fingerprint(files.certificate(), files.key());
            if (now.equals(loaded.fingerprint()) || now.equals(refused)) {
                return;
            }
            refused = now; // until it proves good: one line in the log for each state of the files, not one a check
            Loaded fresh = load(files);
            operators = fresh;
            counted("taken");
            LOG.info("TLS: took the new certificate {}", fresh.identity());
        } catch (IOException e) {
            counted("refused");
            LOG.error("TLS: the certificate in use stays, {}: {}", loaded.identity(), e.getMessage());
        }
    }

    private void counted(String outcome) {
        metrics.counter("waymark.resolver.tls.reloads", "outcome", outcome).increment();
    }

    private Loaded load(TlsSettings.Files files) throws IOException {
        String fingerprint = PemFiles.fingerprint(files.certificate(), files.key());
        ServerIdentity identity = PemFiles.read(files.certificate(), files.key());
        if (identity.expires().isBefore(clock.instant())) {
            LOG.warn("TLS: certificate {} has expired", identity);
        }
        return new Loaded(fingerprint, identity, context(identity));
    }

    private double secondsLeft() {
        Loaded loaded = operators;
        return loaded == null
                ? 0
                : Duration.between(clock.instant(), loaded.identity().expires()).toSeconds();
    }

    /** Java's own provider: it hands private key operations to other threads than the event loop, as the listener asks. */
    private SslContext context(ServerIdentity identity) {
        try {
            return SslContextBuilder.forServer(identity.key(), identity.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE) // see above: keys are judged later
                    .clientAuth(settings.clientCertificates() ? ClientAuth.OPTIONAL : ClientAuth.NONE)
                    .sessionCacheSize(SESSIONS_MAX)
                    .sessionTimeout(SESSION_SECONDS_MAX)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("a key and its certificate always make a context", e);
        }
    }
}
