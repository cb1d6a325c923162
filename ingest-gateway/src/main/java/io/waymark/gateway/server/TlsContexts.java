package io.waymark.gateway.server;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** TLS 1.3 and 1.2 from PEM files, with forward secrecy and authenticated encryption only. */
final class TlsContexts {
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

    private TlsContexts() {}

    /** @throws IllegalArgumentException naming the file that cannot be used */
    static SslContext server(ServerSettings.Tls tls) {
        requireReadable("certificate chain", tls.certificateChain());
        requireReadable("private key", tls.privateKey());
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            tls.certificateChain().toFile(), tls.privateKey().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHERS);
            return clients(builder, tls.clients()).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate " + tls.certificateChain() + " and key " + tls.privateKey()
                            + " must be a PEM chain and its PKCS#8 key: " + e.getMessage(),
                    e);
        }
    }

    private static SslContextBuilder clients(SslContextBuilder builder, ServerSettings.ClientCertificates clients) {
        Optional<Path> authorities = clients.authorities();
        if (clients.mode() == ServerSettings.ClientCertificates.Mode.NONE || authorities.isEmpty()) {
            return builder.clientAuth(ClientAuth.NONE);
        }
        return builder.clientAuth(
                        clients.mode() == ServerSettings.ClientCertificates.Mode.REQUIRED
                                ? ClientAuth.REQUIRE
                                : ClientAuth.OPTIONAL)
                .trustManager(trust(authorities.get(), clients.revocations()));
    }

    private static TrustManagerFactory trust(Path authorities, Optional<Path> revocations) {
        requireReadable("client authorities", authorities);
        revocations.ifPresent(file -> requireReadable("revocation list", file));
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            PKIXBuilderParameters parameters =
                    new PKIXBuilderParameters(anchors(authorities, x509), new X509CertSelector());
            parameters.setRevocationEnabled(revocations.isPresent());
            if (revocations.isPresent()) {
                parameters.addCertStore(CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(lists(revocations.get(), x509))));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "client authorities " + authorities
                            + revocations.map(f -> " and revocation list " + f).orElse("")
                            + " must be PEM certificates and lists: " + e.getMessage(),
                    e);
        }
    }

    private static KeyStore anchors(Path file, CertificateFactory x509) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate each : x509.generateCertificates(in)) {
                store.setCertificateEntry("authority-" + number++, each);
            }
        }
        return store;
    }

    private static Collection<? extends CRL> lists(Path file, CertificateFactory x509)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return x509.generateCRLs(in);
        }
    }

    private static void requireReadable(String what, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("TLS " + what + " " + file + " cannot be read");
        }
    }
}
