package io.waymark.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that stays free while its server is down. The system gives outgoing connections ports from 32768 on; one of those could
 * be somebody's own by the time the server comes back, even that of a client that calls for it.
 */
public final class FixedPort {
    private static final int FROM = 20_000;
    private static final int TO = 32_000;

    /** No port is given twice. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FixedPort() {}

    /** A port of loopback that nobody listens on.
     *
     * @throws IOException if none was found
     */
    public static int choose() throws IOException {
        for (int i = 0; i < 1000; i++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IOException("no free port found in " + FROM + ".." + TO);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
