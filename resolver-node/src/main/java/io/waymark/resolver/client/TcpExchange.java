package io.waymark.resolver.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** One request on one connection. */
final class TcpExchange {
    private TcpExchange() {}

    static Exchange.Result run(InetSocketAddress server, byte[] request, Duration timeout) throws IOException {
        long start = System.nanoTime();
        long deadline = start + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(server, Exchange.millisLeft(deadline));
            long sent = System.nanoTime();
            socket.getOutputStream().write(request);
            socket.setSoTimeout(Exchange.millisLeft(deadline));
            byte[] frame = Exchange.readFrame(socket.getInputStream());
            return new Exchange.Result(frame, Duration.ofNanos(System.nanoTime() - sent), 1);
        }
    }
}
