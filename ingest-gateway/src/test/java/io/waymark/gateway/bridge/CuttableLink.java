package io.waymark.gateway.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cable between a bridge and its upstream that can be cut while both go on. */
final class CuttableLink implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    CuttableLink(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cable");
        thread.setDaemon(true);
        thread.start();
    }

    String uri() {
        return "tcp://127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket bridge = door.accept();
                Socket upstream = new Socket("127.0.0.1", target);
                open.addAll(List.of(bridge, upstream));
                start(() -> pump(bridge, upstream));
                start(() -> pump(upstream, bridge));
            }
        } catch (IOException e) {
            cut();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // Cut.
        }
    }

    /** Whatever is on its way is lost. */
    void cut() {
        for (Socket socket : open) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // One end or the other was quicker.
            }
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
