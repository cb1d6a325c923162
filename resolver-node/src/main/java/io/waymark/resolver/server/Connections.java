package io.waymark.resolver.server;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.waymark.resolver.access.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Says who is at the other end of a channel. */
final class Connections {
    private Connections() {}

    static Connection of(Channel channel) {
        InetAddress address = address(channel);
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null
                ? new Connection(address, false, Optional.empty())
                : new Connection(address, true, certificate(tls.engine().getSession()));
    }

    static InetAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : InetAddress.getLoopbackAddress(); // disconnected meanwhile: nobody will read the answer
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
