package io.waymark.gateway.server;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** TLS 1.3 and 1.2 from PEM files. */
final class TlsContexts {
    private TlsContexts() {}

    /** @throws IllegalArgumentException naming the file that cannot be used */
    static SslContext server(ServerSettings.Tls tls) {
        requireReadable("certificate chain", tls.certificateChain());
        requireReadable("private key", tls.privateKey());
        try {
            return SslContextBuilder.forServer(
                            tls.certificateChain().toFile(), tls.privateKey().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate " + tls.certificateChain() + " and key " + tls.privateKey()
                            + " must be a PEM chain and its PKCS#8 key: " + e.getMessage(),
                    e);
        }
    }

    private static void requireReadable(String what, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("TLS " + what + " " + file + " cannot be read");
        }
    }
}
