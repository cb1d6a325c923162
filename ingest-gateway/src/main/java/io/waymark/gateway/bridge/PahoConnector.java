package io.waymark.gateway.bridge;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** Makes connections by the Paho client of the protocol's version. */
final class PahoConnector implements Bridge.Connector {
    // Paho logs every PUBCOMP at level INFO. A logger nobody holds loses its level.
    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho");

    private final Optional<SSLSocketFactory> sockets;

    private PahoConnector(Optional<SSLSocketFactory> sockets) {
        this.sockets = sockets;
        PAHO.setLevel(Level.SEVERE);
    }

    /**
     * Reads the TLS files.
     *
     * @throws IllegalArgumentException naming what cannot be used
     */
    static PahoConnector of(BridgeConfig config) {
        return new PahoConnector(config.isSecure() ? Optional.of(socketFactory(config)) : Optional.empty());
    }

    private static SSLSocketFactory socketFactory(BridgeConfig config) {
        BridgeConfig.Tls tls = config.tls();
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        try {
            tls.authorities().map(Path::toFile).ifPresent(builder::trustManager);
            tls.certificate()
                    .ifPresent(file -> builder.keyManager(
                            file.toFile(), tls.key().orElseThrow().toFile()));
            SSLContext context = ((JdkSslContext) builder.build()).context();
            return context.getSocketFactory();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TLS files of bridge " + config.name() + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Upstream open(BridgeConfig config, Upstream.Listener listener) throws UpstreamException {
        return switch (config.protocol()) {
            case MQTT_3_1_1 -> new Paho3Upstream(config, sockets, listener);
            case MQTT_5 -> new Paho5Upstream(config, sockets, listener);
        };
    }
}
