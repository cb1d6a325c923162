package io.waymark.gateway.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Passes octets on to a port, so many a second in each direction of each connection. */
final class SlowWire implements AutoCloseable {
    private static final int PIECE = 1_024;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long octetsPerSecond = Long.MAX_VALUE;

    SlowWire(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void octetsPerSecond(long octets) {
        octetsPerSecond = octets;
    }

    private static void start(Runnable step) {
        Thread thread = new Thread(step, "slow-wire");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                sockets.add(near);
                start(() -> connect(near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket("127.0.0.1", target);
            sockets.add(far);
            start(() -> pass(near, far));
            pass(far, near);
        } catch (IOException e) {
            end(near);
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                out.write(piece, 0, n);
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(n) / octetsPerSecond);
            }
        } catch (IOException e) {
            // one side is gone: so is the other
        }
        end(from);
        end(to);
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.forEach(this::end);
    }
}
