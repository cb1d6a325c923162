package io.waymark.resolver.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which addresses a list of hosts stands for. */
final class HostAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

    private HostAddresses() {}

    static List<InetAddress> of(List<String> hosts) {
        boolean six = machineHasIpv6();
        List<InetAddress> addresses = new ArrayList<>();
        for (String host : hosts) {
            InetAddress address = resolve(host);
            if (address instanceof Inet6Address && !six) {
                LOG.info("not listening on {}: this machine has no IPv6", host);
            } else if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
        if (addresses.isEmpty()) {
            throw new UncheckedIOException(new BindException("none of the hosts " + hosts + " can be listened on"));
        }
        dropShadowed(addresses);
        return addresses;
    }

    /** A socket on {@code ::} takes IPv4 as well, so that one on 0.0.0.0 beside it cannot be opened. */
    private static void dropShadowed(List<InetAddress> addresses) {
        boolean everything = addresses.stream().anyMatch(a -> a instanceof Inet6Address && a.isAnyLocalAddress());
        if (everything) {
            addresses.removeIf(a -> !(a instanceof Inet6Address) && a.isAnyLocalAddress());
        }
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("cannot listen on " + host + ": no such host", e);
        }
    }

    private static boolean machineHasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list this machine's addresses", e);
        }
    }
}
