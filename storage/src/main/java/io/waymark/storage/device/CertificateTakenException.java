package io.waymark.storage.device;

/** A certificate stands for another device already. */
public final class CertificateTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param certificate its name
     * @param device whose it is
     */
    public CertificateTakenException(String certificate, String device) {
        super("certificate " + certificate + " stands for device " + device + " already");
    }
}
