package io.waymark.gateway.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/**
 * How a device names the certificates that stand for it: {@code sha256:} and 64 hexadecimal digits, or {@code subject:} and a
 * distinguished name in the canonical form of {@link X500Principal#CANONICAL}. Pure.
 *
 * @see "RFC 4514 Distinguished Names"
 */
public final class CertificateNames {
    /** Longest name in characters. */
    public static final int LENGTH_MAX = 1_024;

    private static final String FINGERPRINT = "sha256:";
    private static final String SUBJECT = "subject:";
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private CertificateNames() {}

    /**
     * The one form of a name that people write in several: a fingerprint also with colons or without its prefix, a
     * distinguished name also without its prefix.
     *
     * @throws IllegalArgumentException saying what a name must be
     */
    public static String parse(String text) {
        String name = text.strip();
        if (name.length() <= LENGTH_MAX) {
            String lower = name.toLowerCase(Locale.ROOT);
            String digits = behind(lower, FINGERPRINT).replace(":", "");
            if (HEX.matcher(digits).matches()) {
                return FINGERPRINT + digits;
            }
            String dn = lower.startsWith(SUBJECT) ? name.substring(SUBJECT.length()) : name;
            if (dn.indexOf('=') > 0 && !lower.startsWith(FINGERPRINT)) {
                return subject(dn);
            }
        }
        throw refused(text);
    }

    private static String behind(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    private static String subject(String dn) {
        try {
            String name = subject(new X500Principal(dn));
            if (!hasEmptyValue(name.substring(SUBJECT.length()))) {
                return name;
            }
        } catch (IllegalArgumentException | InvalidNameException e) {
            throw refused(dn);
        }
        throw refused(dn);
    }

    /** {@code CN=} is a slip of whoever wrote it, not a device. */
    private static boolean hasEmptyValue(String canonical) throws InvalidNameException {
        return new LdapName(canonical)
                .getRdns().stream().anyMatch(rdn -> rdn.getValue().toString().isEmpty());
    }

    private static IllegalArgumentException refused(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return new IllegalArgumentException(
                "certificate must be 64 hexadecimal digits of its SHA-256 fingerprint or its"
                        + " subject like CN=oven-1,O=Plant, in at most " + LENGTH_MAX + " characters, but was "
                        + shown);
    }

    private static String subject(X500Principal principal) {
        return SUBJECT + principal.getName(X500Principal.CANONICAL);
    }

    /**
     * What a certificate is called.
     *
     * @param bySetting the device that the settings say it stands for, empty for none
     * @throws GeneralSecurityException if it has no encoding
     */
    public static ShownCertificate of(X509Certificate certificate, String bySetting) throws GeneralSecurityException {
        return new ShownCertificate(
                FINGERPRINT + fingerprint(certificate), subject(certificate.getSubjectX500Principal()), bySetting);
    }

    /**
     * SHA-256 in lower-case hexadecimal digits.
     *
     * @throws GeneralSecurityException if it has no encoding
     */
    public static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }
}
