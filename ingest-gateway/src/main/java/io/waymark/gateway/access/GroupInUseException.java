package io.waymark.gateway.access;

/** A group cannot be deleted while devices are in it. */
public final class GroupInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param name which
     * @param device one that is in it
     */
    public GroupInUseException(String name, String device) {
        super("group " + name + " has devices, " + device + " for one: move or delete them first");
    }
}
