package io.waymark.resolver.upstream;

import io.waymark.resolver.upstream.Breaker.State;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How the servers asked lately behave. One thread's; the count of open breakers may be read by any. */
final class Servers {
    private static final int SERVERS_MAX = 4096;

    /** One server. */
    static final class Server {
        private final Breaker breaker = new Breaker();
        private int inFlight;

        private boolean isLeftAlone() {
            return breaker.state() != State.CLOSED;
        }
    }

    private final int inFlightMax;
    private final AtomicInteger notClosed = new AtomicInteger();
    /** The longest unused first. */
    private final LinkedHashMap<InetSocketAddress, Server> servers = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Server> eldest) {
            boolean evicted = size() > SERVERS_MAX && eldest.getValue().inFlight == 0;
            notClosed.addAndGet(evicted && eldest.getValue().isLeftAlone() ? -1 : 0);
            return evicted;
        }
    };

    Servers(int inFlightMax) {
        this.inFlightMax = inFlightMax;
    }

    Server of(InetSocketAddress name) {
        return servers.computeIfAbsent(name, n -> new Server());
    }

    boolean hasRoom(Server server) {
        return server.inFlight < inFlightMax;
    }

    /** Whether it may be asked; who is told so must call {@link #ended}. */
    boolean begin(Server server, long nowNanos) {
        boolean admitted = server.breaker.admits(nowNanos);
        if (admitted) {
            server.inFlight++;
        }
        return admitted;
    }

    void ended(Server server, boolean answered, long nowNanos) {
        boolean before = server.isLeftAlone();
        server.inFlight--;
        if (answered) {
            server.breaker.succeeded();
        } else {
            server.breaker.failed(nowNanos);
        }
        boolean after = server.isLeftAlone();
        notClosed.addAndGet(Boolean.compare(after, before));
    }

    /** Servers left alone now. Any thread. */
    int notClosed() {
        return notClosed.get();
    }
}
