package io.waymark.gateway.session;

import java.util.concurrent.CompletionStage;

/** The connection that holds a session. */
public interface SessionOwner {
    /** Another connection of the same client claims the session: let go. Done when it is let go. Any thread; must not block. */
    CompletionStage<Void> evict();

    /** Something waits in the session's outbound queue. Any thread; must not block. */
    void outboundReady();
}
