package io.waymark.gateway.live;

/** Told who comes and goes. On event loops; must not block. */
public interface ConnectionWatcher {
    /** CONNACK is on its way. */
    void connected(Admission who, long nowMillis);

    /**
     * One that was told {@link #connected} is over.
     *
     * @param last whether it was the last connection of its device
     * @param reason a word for why: a reason code's, {@code client} or {@code connection_lost}
     */
    void disconnected(Admission who, boolean last, String reason, long nowMillis);

    /** Somebody was not let in; who it says it is has not been proved. */
    void refused(Refusal refusal, long nowMillis);
}
