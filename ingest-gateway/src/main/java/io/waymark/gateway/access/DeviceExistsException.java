package io.waymark.gateway.access;

/** A device of that id is registered already. */
public final class DeviceExistsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param id which */
    public DeviceExistsException(String id) {
        super("device " + id + " exists already");
    }
}
