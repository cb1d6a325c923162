package io.waymark.gateway.bridge;

import io.waymark.gateway.packet.MessageProperties;
import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import org.jspecify.annotations.Nullable;

/** Where a bridge's messages enter the gateway: into the spool, to subscribers, into what topics hold. Any thread; never blocks. */
public interface Door {
    /**
     * Offers a message.
     *
     * @param change of the bridge's memory in the same commit, or null
     * @param completion told, unless the answer is other than ACCEPTED, when the message may be acknowledged at the level of its
     *     topic: on the spool's writer thread when it is durable, or on the forwarder's when Kafka has committed it
     * @throws IllegalArgumentException naming the value and its bound; see {@link #refusal} to ask before
     */
    Spool.Offer offer(Message message, @Nullable SessionWrite change, Spool.Completion completion);

    /** Offers a change of a bridge's memory. */
    Spool.Offer remember(SessionWrite change, Spool.Completion completion);

    /** Why such a message will never be taken, as a short label, or null when it may be. */
    @Nullable
    String refusal(Message message);

    /**
     * Keeps a message that is refused for those who look into it, if there is room for such.
     *
     * @param refusal from {@link #refusal}
     * @param completion told when it is durable
     * @return whether the completion will be told; else nothing is kept
     */
    boolean reject(Message message, String refusal, Spool.Completion completion);

    /**
     * A message as the gateway takes it.
     *
     * @param group under which the ledger counts it
     * @param deviceId whose message it is
     * @param topic original
     * @param qos as delivered
     * @param retain whether the topic is to hold it
     * @param properties as published
     * @param payload owned by the gateway from here on
     */
    record Message(
            String group,
            String deviceId,
            String topic,
            int qos,
            boolean retain,
            MessageProperties properties,
            byte[] payload) {}
}
