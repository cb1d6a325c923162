package io.waymark.identifier.handle;

import io.waymark.identifier.Handle;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A handle service site: the servers that together hold all handles of a prefix, each a part of them.
 *
 * @param version of the data format, 1
 * @param protocolMajor highest protocol version the site speaks, major part, 0…255
 * @param protocolMinor minor part, 0…255
 * @param serial grows with each change of the site, 0…65535
 * @param primary whether it takes administration
 * @param multiPrimary whether other sites of the prefix are primary too
 * @param hashOption which part of a handle picks the server
 * @param attributes names with meaning are {@code desc}, {@code domain}, {@code path}, {@code alt_addr}
 * @param servers in the order the hash counts them
 * @see "RFC 3651 §3.2.2 Service Site Information: HS_SITE"
 */
public record SiteInfo(
        int version,
        int protocolMajor,
        int protocolMinor,
        int serial,
        boolean primary,
        boolean multiPrimary,
        HashOption hashOption,
        List<Attribute> attributes,
        List<Server> servers) {

    /** The type of a value that holds a site. */
    public static final String TYPE = "HS_SITE";
    /** Octets of a server's address. */
    public static final int ADDRESS_BYTES = 16;

    /** Copies the lists and refuses numbers that do not fit their fields. */
    public SiteInfo {
        requireFits("version", version, 0xffff);
        requireFits("protocolMajor", protocolMajor, 0xff);
        requireFits("protocolMinor", protocolMinor, 0xff);
        requireFits("serial", serial, 0xffff);
        attributes = List.copyOf(attributes);
        servers = List.copyOf(servers);
    }

    /** The value of an attribute, if the site has it. */
    public Optional<String> attribute(String name) {
        return attributes.stream()
                .filter(a -> a.name().equals(name))
                .map(Attribute::value)
                .findFirst();
    }

    /**
     * The server that holds the handle.
     *
     * @throws IllegalStateException if the site has no servers
     */
    public Server serverFor(Handle handle) {
        if (servers.isEmpty()) {
            throw new IllegalStateException("site " + serial + " has no servers");
        }
        return servers.get(hashOption.hash(handle) % servers.size());
    }

    private static void requireFits(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " must be in 0.." + max + " but was " + value);
        }
    }

    /** Which part of a handle is hashed to pick one of a site's servers. */
    public enum HashOption {
        /** The part before the first slash. */
        PREFIX(0),
        /** The part behind it. */
        SUFFIX(1),
        /** Both and the slash. */
        WHOLE_HANDLE(2);

        private final int code;

        HashOption(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** A number of 0…2^31-1; modulo the number of servers it is the server's place in the list. */
        public int hash(Handle handle) {
            byte[] part = Handle.foldAscii(partOf(handle)).getBytes(StandardCharsets.UTF_8);
            int last = ByteBuffer.wrap(md5(part)).getInt(ADDRESS_BYTES - 4);
            // abs(MIN_VALUE) is negative; the reference client then finds no server, any server will do
            return last == Integer.MIN_VALUE ? 0 : Math.abs(last);
        }

        private String partOf(Handle handle) {
            return switch (this) {
                case PREFIX -> handle.prefix();
                case SUFFIX -> handle.suffix();
                case WHOLE_HANDLE -> handle.text();
            };
        }

        private static byte[] md5(byte[] data) {
            try {
                return MessageDigest.getInstance("MD5").digest(data);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has MD5", e);
            }
        }
    }

    /**
     * A name and its value.
     *
     * @param name for example {@code desc}
     * @param value text
     */
    public record Attribute(String name, String value) {}

    /**
     * One server of the site.
     *
     * @param id counted from 1
     * @param address 16 octets; an IPv4 address is twelve zeros and its four octets. Owned by the value, never written
     * @param publicKey the key in Handle encoding, empty if it has none. Owned by the value, never written
     * @param interfaces where it listens
     */
    public record Server(int id, byte[] address, byte[] publicKey, List<Interface> interfaces) {
        /** Copies the interfaces, refuses an address that is not 16 octets. */
        public Server {
            if (address.length != ADDRESS_BYTES) {
                throw new IllegalArgumentException(
                        "address must be " + ADDRESS_BYTES + " octets but was " + address.length);
            }
            interfaces = List.copyOf(interfaces);
        }

        /** A server at an IPv4 or IPv6 address. */
        public static Server at(int id, InetAddress address, byte[] publicKey, List<Interface> interfaces) {
            byte[] padded = new byte[ADDRESS_BYTES];
            byte[] octets = address.getAddress();
            System.arraycopy(octets, 0, padded, ADDRESS_BYTES - octets.length, octets.length);
            return new Server(id, padded, publicKey, interfaces);
        }

        /** The address, IPv4 if the first twelve octets are zero. All zeros stand for "see the domain attribute". */
        public InetAddress inetAddress() {
            boolean v4 = true;
            for (int i = 0; i < ADDRESS_BYTES - 4; i++) {
                v4 &= address[i] == 0;
            }
            // ::1 would read as 0.0.0.1, which nobody has
            boolean loopback6 = v4 && ByteBuffer.wrap(address).getInt(ADDRESS_BYTES - 4) == 1;
            try {
                return InetAddress.getByAddress(
                        v4 && !loopback6 ? Arrays.copyOfRange(address, ADDRESS_BYTES - 4, ADDRESS_BYTES) : address);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("4 and 16 octets always make an address", e);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Server s
                    && id == s.id
                    && Arrays.equals(address, s.address)
                    && Arrays.equals(publicKey, s.publicKey)
                    && interfaces.equals(s.interfaces);
        }

        @Override
        public int hashCode() {
            return 31 * id + Arrays.hashCode(address);
        }
    }

    /**
     * Where a server listens.
     *
     * @param service what it answers there
     * @param protocol how
     * @param port 0…65535
     */
    public record Interface(Service service, Protocol protocol, int port) {
        /** Refuses ports outside 0…65535. */
        public Interface {
            requireFits("port", port, 0xffff);
        }
    }

    /** What an interface answers. */
    public enum Service {
        /** Nothing now. */
        OUT_OF_SERVICE(0),
        /** Administration only. */
        ADMIN(1),
        /** Resolution only. */
        QUERY(2),
        /** Both. */
        ADMIN_AND_QUERY(3);

        private final int code;

        Service(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** Whether it takes administration. */
        public boolean admin() {
            return this == ADMIN || this == ADMIN_AND_QUERY;
        }

        /** Whether it resolves. */
        public boolean query() {
            return this == QUERY || this == ADMIN_AND_QUERY;
        }
    }

    /** How an interface is spoken to. */
    public enum Protocol {
        /** Datagrams. */
        UDP(0),
        /** Streams. */
        TCP(1),
        /** The HTTP tunnel. */
        HTTP(2),
        /** The HTTP tunnel over TLS. */
        HTTPS(3);

        private final int code;

        Protocol(int code) {
            this.code = code;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }
    }
}
