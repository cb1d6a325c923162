package io.waymark.gateway.server;

import io.waymark.gateway.access.Credential;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.Permissions;
import io.waymark.gateway.access.ShownCertificate;
import io.waymark.gateway.live.Admission;
import io.waymark.gateway.live.Arrival;
import io.waymark.gateway.live.Entry;
import io.waymark.gateway.live.Refusal;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Topics;
import io.waymark.gateway.packet.Will;
import io.waymark.gateway.session.ClientKey;
import io.waymark.gateway.session.ConnectRules;
import io.waymark.gateway.session.Session;
import io.waymark.gateway.session.SessionTable;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * From CONNECT to CONNACK, and at the end out of the session again: rules → credentials → claim of the client key → session →
 * session record durable → CONNACK. Event loop only.
 *
 * @see "MQTT 5.0 §3.1.4 CONNECT Actions"
 */
final class ConnectFlow {
    /** A client that takes packets of this size takes any reason string of ours. */
    private static final long WORDS_BYTES = 1_024;

    private final MqttHandler handler;
    private final ServerContext server;
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    private @Nullable Connect connect;
    private @Nullable ClientKey key;
    private @Nullable CompletionStage<Void> claim;
    private @Nullable Session session;
    private @Nullable Will will;
    private @Nullable Rights rights;
    private long changes;
    private @Nullable Auth authentication;
    private boolean assigned;
    private int deletes;
    private boolean ended;

    ConnectFlow(MqttHandler handler) {
        this.handler = handler;
        this.server = handler.server();
    }

    /** The session of a connection that is connected. */
    Session session() {
        Session attached = session;
        if (attached == null) {
            throw new IllegalStateException("a connected client must have a session");
        }
        return attached;
    }

    /** What an admitted client may do now. */
    Permissions permissions() {
        return rights().permissions(session);
    }

    /** The admission of a client that was admitted. */
    Admission admission() {
        return rights().admission();
    }

    private Rights rights() {
        Rights granted = rights;
        if (granted == null) {
            throw new IllegalStateException("a connected client must have been admitted");
        }
        return granted;
    }

    /** What is known of a client that was not let in; before CONNECT nothing is. */
    Refusal refusal(String reason) {
        Connect packet = connect;
        String client = packet == null ? "" : packet.clientId();
        String user = packet == null ? null : packet.userName();
        boolean usable = user != null && !Topics.hasControl(user) && user.length() <= DeviceRegistry.ID_MAX;
        return new Refusal(
                usable ? String.valueOf(user) : client,
                client,
                handler.address(),
                handler.version().label(),
                reason);
    }

    /** Done when this connection has let go of its client key. */
    CompletionStage<Void> released() {
        return released;
    }

    // ---- in

    void connect(Connect packet) {
        connect = packet;
        handler.output().limit(packet.packetBytesMax());
        changes = server.devices().changes();
        ShownCertificate shown = handler.shownCertificate();
        ReasonCode refusal =
                ConnectRules.refusal(packet, server.settings().offer(), handler.mayBeAnonymous(), shown != null);
        if (refusal != null) {
            handler.fail(refusal, "CONNECT refused: " + refusal.label());
            return;
        }
        new CredentialCheck(handler, packet, (user, group, credential, last) -> {
                    authentication = last;
                    admitted(packet, user, group, credential);
                })
                .begin(shown, () -> !released.isDone());
    }

    /** Credentials are right; user is empty for an anonymous client. */
    private void admitted(Connect packet, String user, String group, Credential credential) {
        assigned = packet.clientId().isEmpty();
        String clientId = assigned ? "auto-" + UUID.randomUUID() : packet.clientId();
        ClientKey wanted = new ClientKey(user.isEmpty() ? clientId : user, clientId);
        if (!enter(packet, wanted, group, credential)) {
            return;
        }
        Will last = packet.will();
        if (last != null && !permissions().mayPublish(last.topic())) {
            handler.fail(ReasonCode.NOT_AUTHORIZED, "the will's topic is not for this client to publish to");
            return;
        }
        if (last != null && !server.sessions().holdWill(last)) {
            handler.fail(
                    ReasonCode.QUOTA_EXCEEDED,
                    "the gateway keeps wills of at most "
                            + server.sessions().limits().willOctetsMax() + " octets");
            return;
        }
        will = last;
        CompletionStage<Void> claimed = server.sessions().claim(wanted, handler);
        if (claimed == null) {
            handler.fail(
                    ReasonCode.QUOTA_EXCEEDED,
                    "the gateway keeps at most " + server.sessions().limits().sessionsMax() + " sessions");
            return;
        }
        key = wanted;
        claim = claimed;
        claimed.whenComplete((done, failure) -> onLoop(() -> attach(packet, wanted)));
    }

    /** Whether quotas have room; if not, the client has been told. */
    private boolean enter(Connect packet, ClientKey wanted, String group, Credential credential) {
        Arrival arrival = new Arrival(
                wanted.deviceId(),
                group,
                wanted.clientId(),
                credential,
                handler.address(),
                packet.version().label(),
                changes);
        Entry entry = server.devices().admit(arrival, handler.live(), server.authenticator()::recheck);
        if (entry instanceof Entry.OverQuota over) {
            server.metrics().refused(over.reason());
            handler.fail(ReasonCode.QUOTA_EXCEEDED, over.message());
            return false;
        }
        rights = new Rights((Admission) entry);
        return true;
    }

    /** Ends the subscriptions that the client may not have any more; how many. */
    int endForbidden(Session of) {
        int count = server.sessions().subscriptions().endForbidden(of, permissions()::maySubscribe);
        server.metrics().subscriptionsEnded(count);
        return count;
    }

    private void onLoop(Runnable step) {
        if (handler.loop().loop().inEventLoop()) {
            step.run();
        } else {
            handler.loop().execute(step);
        }
    }

    private void attach(Connect packet, ClientKey wanted) {
        if (!handler.isOpen()) {
            return;
        }
        long expiry = ConnectRules.sessionExpirySeconds(
                packet, server.sessions().limits().expirySecondsMax());
        SessionTable.Attachment attachment = server.sessions().attach(wanted, handler, packet.cleanStart(), expiry);
        SessionTable.Departure before = attachment.ended();
        if (before != null) {
            leave(before);
        }
        Session attached = attachment.session();
        session = attached;
        attached.group(admission().group());
        if (attachment.present()) {
            endForbidden(attached);
        }
        attached.outbound().connected(packet.receiveMaximum());
        server.sessions().router().watch().arrived(attached);
        handler.inbound().attached(packet.version(), Granting.topicAliasMaximum(server.settings(), attached));
        handler.outbound().attached(attached, packet);
        byte[] record = attached.isPersistent() ? attached.recordToStore() : null;
        if (record == null) {
            accept(packet, attachment.present());
        } else {
            handler.gate()
                    .submit(new StoreSession(handler, attached, record, () -> accept(packet, attachment.present())));
        }
    }

    private void leave(SessionTable.Departure departure) {
        Will due = departure.will();
        if (due != null) {
            Wills.publish(handler.loop(), server, departure.session(), due);
        }
        if (departure.session().isStored()) {
            forget(departure.session());
        }
    }

    private void accept(Connect packet, boolean present) {
        if (!handler.isOpen()) {
            return;
        }
        if (admission().version() > 0) {
            endForbidden(session());
        }
        server.metrics().connect(ReasonCode.SUCCESS);
        Granting granting =
                new Granting(server.settings(), packet, session(), handler.ackLevel(), assigned, authentication);
        handler.send(new ConnAck(present, ReasonCode.SUCCESS, granting.grants(), ""));
        if (!handler.isOpen()) {
            return;
        }
        handler.live().connected();
        handler.connected(granting.keepAliveSeconds());
    }

    // ---- out

    /** Whether a packet with a reason string is small enough for the client. */
    boolean hasRoomForWords() {
        return connect == null || connect.packetBytesMax() >= WORDS_BYTES;
    }

    /** Whether DISCONNECT may say that the session outlives the connection. */
    boolean mayRaiseExpiry() {
        return connect != null && connect.sessionExpirySeconds() > 0;
    }

    /** DISCONNECT arrived: the will is dropped unless it asks for it. */
    void disconnected(Disconnect packet) {
        if (packet.reason() == ReasonCode.SUCCESS) {
            dropWill();
        }
        if (packet.sessionExpirySeconds() >= 0) {
            session()
                    .expirySeconds(Math.min(
                            packet.sessionExpirySeconds(),
                            server.sessions().limits().expirySecondsMax()));
        }
    }

    private void dropWill() {
        Will held = will;
        will = null;
        if (held != null) {
            server.sessions().dropWill(held);
        }
    }

    /** The connection is over; publishes the will if so asked and lets go of the session. */
    void ended(boolean withWill) {
        if (ended) {
            return;
        }
        ended = true;
        Rights granted = rights;
        if (granted != null) {
            granted.admission().leave();
            handler.live().left(granted.admission());
        }
        handler.gate().abandon();
        Session attached = session;
        Will last = withWill && willIsAllowed() ? will : null;
        boolean ends = attached != null && !attached.isPersistent();
        if (attached != null && last != null && (ends || last.delaySeconds() == 0)) {
            Wills.publish(handler.loop(), server, attached, last);
            last = null;
        }
        if (attached != null && ends && attached.isStored()) {
            forget(attached);
        }
        if (last == null) {
            dropWill();
        }
        letGo();
    }

    /** What was allowed at CONNECT may not be any more. */
    private boolean willIsAllowed() {
        return will != null && permissions().mayPublish(will.topic());
    }

    /** The store must forget a session before anybody else may begin one under its key. */
    private void forget(Session forgotten) {
        deletes++;
        ForgetSession write = new ForgetSession(handler.loop(), forgotten, () -> {
            deletes--;
            letGo();
        });
        handler.gate().submit(write);
    }

    private void letGo() {
        ClientKey held = key;
        if (!ended || deletes > 0 || released.isDone()) {
            return;
        }
        if (held == null) {
            released.complete(null);
            return;
        }
        server.sessions().detach(held, handler, session, will, System.nanoTime());
        CompletionStage<Void> before = claim;
        if (before == null) {
            released.complete(null);
        } else {
            // Whoever comes next also waits for whoever this one was waiting for.
            before.whenComplete((done, failure) -> released.complete(null));
        }
    }
}
