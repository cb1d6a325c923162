package io.waymark.gateway.server;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Which device a verified client certificate stands for. */
final class ClientCertificate {
    private ClientCertificate() {}

    /** The device id; empty for a certificate that stands for none; null when the client showed none. */
    static @Nullable String deviceId(Channel channel, ClientCertificates settings) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return chain[0] instanceof X509Certificate own ? deviceId(own, settings) : "";
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    static String deviceId(X509Certificate certificate, ClientCertificates settings) {
        try {
            String print = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
            String mapped = settings.devices().get(print);
            return mapped != null ? mapped : settings.byCommonName() ? commonName(certificate) : "";
        } catch (GeneralSecurityException e) {
            return "";
        }
    }

    private static String commonName(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                    return name;
                }
            }
            return "";
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
