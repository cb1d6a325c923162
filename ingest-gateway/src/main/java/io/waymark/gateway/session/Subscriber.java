package io.waymark.gateway.session;

/** Who stands in the topic tree: one session, or a group of which one member gets each message. */
public sealed interface Subscriber permits Session, ShareGroup {}
