package io.waymark.gateway.access;

/**
 * A verified client certificate.
 *
 * @param fingerprint its name by fingerprint, as {@link CertificateNames} writes it
 * @param subject its name by subject, as {@link CertificateNames} writes it
 * @param bySetting the device that the settings say it stands for, empty for none
 */
public record ShownCertificate(String fingerprint, String subject, String bySetting) {}
