package io.waymark.platform.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The embedded broker's ports, remembered in its folder: clients outside find the broker again after a restart, and the
 * quorum keeps the address it was formatted with. A controller port that somebody else took meanwhile is replaced.
 *
 * @param broker where clients connect
 * @param controller where the node talks to itself
 */
record Ports(int broker, int controller) {
    static final String HOST = "127.0.0.1";

    private static final String BROKER = "broker";
    private static final String CONTROLLER = "controller";

    /**
     * Decides and remembers.
     *
     * @param file where they are remembered
     * @param wanted the configured port, or 0
     * @throws BindException if the configured port is taken
     */
    static Ports choose(Path file, int wanted) throws IOException {
        Properties remembered = read(file);
        int broker = wanted == 0 ? freeOr(port(remembered, BROKER)) : wanted;
        if (wanted != 0 && !isFree(wanted)) {
            throw new BindException("kafka cannot listen on " + HOST + ":" + wanted
                    + ": the address is in use; stop what uses it or set kafka.embedded.port");
        }
        Ports ports = new Ports(broker, freeOtherThan(broker, port(remembered, CONTROLLER)));
        write(file, ports);
        return ports;
    }

    private static int freeOtherThan(int broker, int remembered) throws IOException {
        int port = freeOr(remembered);
        while (port == broker) {
            port = freeOr(0);
        }
        return port;
    }

    /** The remembered port while nobody else took it, else any. */
    private static int freeOr(int remembered) throws IOException {
        if (remembered != 0 && isFree(remembered)) {
            return remembered;
        }
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return any.getLocalPort();
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(HOST, port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    private static int port(Properties remembered, String name) {
        String text = remembered.getProperty(name, "0");
        return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                properties.load(in);
            }
        }
        return properties;
    }

    private static void write(Path file, Ports ports) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(BROKER, Integer.toString(ports.broker));
        properties.setProperty(CONTROLLER, Integer.toString(ports.controller));
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, "ports of the embedded Kafka");
        }
    }
}
