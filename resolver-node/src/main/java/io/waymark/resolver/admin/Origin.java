package io.waymark.resolver.admin;

import io.waymark.resolver.message.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from. A stream has one origin for all its requests, and the origin remembers who logged in on it: what
 * was proven on one connection can never be used on another. Safe for any thread.
 */
public final class Origin {
    private final Transport transport;
    private final InetAddress address;
    private final boolean lasting;
    private volatile @Nullable Login login;

    private Origin(Transport transport, InetAddress address, boolean lasting) {
        this.transport = transport;
        this.address = address;
        this.lasting = lasting;
    }

    /** A connection whose requests all come from one client. Make one per connection. */
    public static Origin lasting(Transport transport, @Nullable SocketAddress address) {
        return new Origin(transport, host(address), true);
    }

    /** The sender of a datagram, or of one tunnelled request. */
    public static Origin passing(Transport transport, @Nullable SocketAddress address) {
        return new Origin(transport, host(address), false);
    }

    private static InetAddress host(@Nullable SocketAddress address) {
        InetAddress host = address instanceof InetSocketAddress inet ? inet.getAddress() : null;
        return host == null ? InetAddress.getLoopbackAddress() : host;
    }

    /** How the request came. */
    public Transport transport() {
        return transport;
    }

    /** Where from; loopback for what is no network address. */
    public InetAddress address() {
        return address;
    }

    boolean isLasting() {
        return lasting;
    }

    /** The login this connection has under this session number. */
    Optional<Login> login(int sessionId) {
        Login current = login;
        return current != null && current.sessionId() == sessionId ? Optional.of(current) : Optional.empty();
    }

    synchronized void logIn(Login fresh) {
        login = fresh;
    }

    synchronized void logOut() {
        login = null;
    }

    /** Forgets this login; a newer one stays. */
    synchronized void logOut(Login old) {
        if (login == old) {
            login = null;
        }
    }
}
