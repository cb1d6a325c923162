package io.waymark.resolver.access;

import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.PublicKeyProof;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a client's certificate proves. Its subject names an identity, in {@code UID} or else in {@code CN}, as in {@code
 * CN=300:88.118.8/ADMIN}; the handshake has shown that the client holds its key; so it is he if the {@code HS_PUBKEY} value
 * of that name is the very key. Who signed the certificate and until when does not matter: the handle record is the
 * authority.
 */
final class CertificateProof {
    private CertificateProof() {}

    /** Who the certificate says it is for. */
    static Optional<ValueReference> identity(X509Certificate certificate) {
        return named(certificate, "UID").or(() -> named(certificate, "CN"));
    }

    private static Optional<ValueReference> named(X509Certificate certificate, String attribute) {
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase(attribute) && rdn.getValue() instanceof String text) {
                    return Optional.of(Identities.parse(text));
                }
            }
        } catch (InvalidNameException | MalformedIdentifierException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether the value holds the certificate's key. */
    static boolean isKeyOf(X509Certificate certificate, HandleValue value) {
        return PublicKeyProof.holds(value.data(), certificate.getPublicKey());
    }
}
