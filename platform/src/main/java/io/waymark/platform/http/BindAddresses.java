package io.waymark.platform.http;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Turns hosts and one port into addresses that can be bound now. */
final class BindAddresses {
    private static final int TRIES = 20;

    private BindAddresses() {}

    /**
     * Chooses one port for all hosts.
     *
     * @param listener for messages
     * @param port 0 = one that is free on all of them
     * @throws BindException naming listener and address if one cannot be bound
     */
    static List<InetSocketAddress> choose(String listener, List<String> hosts, int port) throws BindException {
        List<InetAddress> resolved = resolve(listener, hosts);
        if (port != 0) {
            return bindable(listener, resolved, port);
        }
        for (int i = 1; ; i++) {
            try {
                return bindable(listener, resolved, anyPort(listener, resolved.get(0)));
            } catch (BindException taken) {
                if (i == TRIES) {
                    throw taken;
                }
            }
        }
    }

    /** Without IPv6 in the machine its addresses are left out, unless they were all there is. */
    private static List<InetAddress> resolve(String listener, List<String> hosts) throws BindException {
        List<InetAddress> usable = new ArrayList<>();
        for (String host : hosts) {
            try {
                InetAddress address = InetAddress.getByName(host);
                if (!(address instanceof Inet6Address) || canBind(new InetSocketAddress(address, 0))) {
                    usable.add(address);
                }
            } catch (UnknownHostException e) {
                throw new BindException(listener + " cannot listen on " + host + ": the name is unknown");
            }
        }
        if (usable.isEmpty()) {
            throw new BindException(listener + " cannot listen on " + hosts + ": this machine has no IPv6");
        }
        return usable;
    }

    private static List<InetSocketAddress> bindable(String listener, List<InetAddress> hosts, int port)
            throws BindException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetAddress host : hosts) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (!canBind(address)) {
                throw new BindException(listener + " cannot listen on " + host.getHostAddress() + " port " + port
                        + ": the address is in use or not this machine's; set " + listener + ".port or " + listener
                        + ".hosts");
            }
            addresses.add(address);
        }
        return addresses;
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int anyPort(String listener, InetAddress host) throws BindException {
        try (ServerSocket any = new ServerSocket(0, 1, host)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new BindException(listener + " cannot listen on " + host.getHostAddress() + ": " + e.getMessage());
        }
    }
}
