package io.waymark.gateway.server;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.waymark.gateway.access.CertificateNames;
import io.waymark.gateway.access.ShownCertificate;
import io.waymark.gateway.server.ServerSettings.ClientCertificates;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a verified client certificate is called and which device the settings give it to. */
final class ClientCertificate {
    private static final ShownCertificate UNNAMED = new ShownCertificate("", "", "");

    private ClientCertificate() {}

    /** Null when the client showed none. */
    static @Nullable ShownCertificate shown(Channel channel, ClientCertificates settings) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return chain[0] instanceof X509Certificate own ? named(own, settings) : UNNAMED;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static ShownCertificate named(X509Certificate certificate, ClientCertificates settings) {
        try {
            String mapped = settings.devices().get(CertificateNames.fingerprint(certificate));
            String bySetting = mapped != null ? mapped : settings.byCommonName() ? commonName(certificate) : "";
            return CertificateNames.of(certificate, bySetting);
        } catch (GeneralSecurityException e) {
            return UNNAMED;
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
