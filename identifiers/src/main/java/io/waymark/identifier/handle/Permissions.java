package io.waymark.identifier.handle;

/** Read and write bits of a handle value (RFC 3651 §3.1, {@code permission}). */
public final class Permissions {
    /** Anyone may write. */
    public static final int PUBLIC_WRITE = 0x01;
    /** Anyone may read. */
    public static final int PUBLIC_READ = 0x02;
    /** Administrators may write. */
    public static final int ADMIN_WRITE = 0x04;
    /** Administrators may read. */
    public static final int ADMIN_READ = 0x08;
    /** Administrators read and write, everybody reads. */
    public static final int DEFAULT = ADMIN_READ | ADMIN_WRITE | PUBLIC_READ;
    /** Administrators only: secrets. */
    public static final int ADMIN_ONLY = ADMIN_READ | ADMIN_WRITE;

    private Permissions() {}
}
