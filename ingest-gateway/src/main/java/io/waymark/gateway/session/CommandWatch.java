package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;

/** Told what becomes of commands that were handed to sessions. Any thread; called without locks of sessions or queues. */
public interface CommandWatch {
    /** Nobody watches. */
    CommandWatch NONE = new CommandWatch() {
        @Override
        public void arrived(Session session) {}

        @Override
        public void left(Session session) {}

        @Override
        public void over(Session session) {}

        @Override
        public void done(long queue, long[] sequences) {}

        @Override
        public void done(LiveMessage message) {}

        @Override
        public void refused(long queue, long sequence, String reason) {}

        @Override
        public void refused(LiveMessage message, String reason) {}
    };

    /** It connected, or got a subscription. */
    void arrived(Session session);

    /** Its connection is gone; what it had in memory only and did not acknowledge is lost if its session ends with it. */
    void left(Session session);

    /** It ended; nothing it held will be delivered. */
    void over(Session session);

    /** The client acknowledged what was at these places of a stored queue, or it was given up. */
    void done(long queue, long[] sequences);

    /** The client acknowledged a message that was in memory only, or it was sent with QoS 0. */
    void done(LiveMessage message);

    /** The client does not take what is at this place of a stored queue; {@link #done(long, long[])} follows. */
    void refused(long queue, long sequence, String reason);

    /** The same for a message in memory. */
    void refused(LiveMessage message, String reason);
}
