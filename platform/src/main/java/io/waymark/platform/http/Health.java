package io.waymark.platform.http;

import io.waymark.storage.spool.DiskRoom;
import java.util.Map;
import java.util.Optional;

/** What {@code GET /health} tells; read at every request, so it must answer at once. Any thread. */
public interface Health {
    /** How a service is. */
    enum State {
        /** Not yet able to do its work. */
        STARTING,
        /** Doing its work. */
        UP,
        /** Not able to do its work. */
        DOWN
    }

    /** Listener name → address, as in the ready file. */
    Map<String, String> listeners();

    /** Service name → state. */
    Map<String, State> services();

    /** Bridge to another broker → what it does; an upstream that is away is no failing of this node. */
    default Map<String, String> bridges() {
        return Map.of();
    }

    /** How much room the spool's disk has, of a node that has a spool; one that waits for room is no node to be restarted. */
    default Optional<DiskRoom> spoolDisk() {
        return Optional.empty();
    }
}
