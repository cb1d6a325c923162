package io.waymark.gateway.access;

/** A group of that name is registered already. */
public final class GroupExistsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param name which */
    public GroupExistsException(String name) {
        super("group " + name + " exists already");
    }
}
