package io.waymark.platform.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * Where the demo's node listens on loopback; 0 = chosen by the system.
 *
 * @param handle UDP and TCP
 * @param resolverHttp resolution over HTTP
 * @param platformHttp API and console
 * @param mqtt devices
 * @param kafka the embedded broker
 */
record DemoPorts(int handle, int resolverHttp, int platformHttp, int mqtt, int kafka) {
    private static final int BASE_MAX = 65_535 - 4;

    /** The default ports where they are free, any others where not. */
    static DemoPorts usual() {
        return new DemoPorts(freeOrAny(2641), freeOrAny(8000), freeOrAny(8080), freeOrAny(1883), freeOrAny(9092));
    }

    /**
     * Five ports in a row, or with 0 any five.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    static DemoPorts from(int base) {
        if (base < 0 || base > BASE_MAX) {
            throw new IllegalArgumentException("--port-base must be in 0.." + BASE_MAX + " but was " + base);
        }
        int[] p = IntStream.range(0, 5).map(i -> base == 0 ? 0 : base + i).toArray();
        return new DemoPorts(p[0], p[1], p[2], p[3], p[4]);
    }

    private static int freeOrAny(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            new ServerSocket(port, 1, loopback).close();
            new DatagramSocket(new InetSocketAddress(loopback, port)).close();
            return port;
        } catch (IOException e) {
            return 0;
        }
    }
}
