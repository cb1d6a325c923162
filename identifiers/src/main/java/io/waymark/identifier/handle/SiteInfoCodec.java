package io.waymark.identifier.handle;

import io.waymark.identifier.handle.SiteInfo.Attribute;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of an {@code HS_SITE} value as octets.
 *
 * <pre>
 * off 0  i2 data format version, 1
 *     2  i1 protocol major, i1 minor
 *     4  i2 serial number
 *     6  i1 flags: 0x80 primary, 0x40 multi-primary
 *     7  i1 hash option: 0 prefix, 1 suffix, 2 whole handle
 *     8  i4 length, hash filter (unused, empty)
 *     …  i4 attribute count, each: i4 length, name, i4 length, value (UTF-8)
 *     …  i4 server count, each:
 *          i4 server id
 *          16 octets address
 *          i4 length, public key
 *          i4 interface count, each: i1 service, i1 protocol, i4 port
 * </pre>
 *
 * @see "RFC 3651 §3.2.2 Service Site Information: HS_SITE"
 */
public final class SiteInfoCodec {
    /** Most servers, interfaces of one server, or attributes. */
    public static final int MAX_ENTRIES = 1024;

    private static final int FIXED_BYTES = 8;
    private static final int PRIMARY = 0x80;
    private static final int MULTI_PRIMARY = 0x40;

    private SiteInfoCodec() {}

    /** The octets of the value's data. */
    public static byte[] encode(SiteInfo site) {
        ByteBuffer out = ByteBuffer.allocate(encodedSize(site));
        out.putShort((short) site.version());
        out.put((byte) site.protocolMajor());
        out.put((byte) site.protocolMinor());
        out.putShort((short) site.serial());
        out.put((byte) ((site.primary() ? PRIMARY : 0) | (site.multiPrimary() ? MULTI_PRIMARY : 0)));
        out.put((byte) site.hashOption().code());
        out.putInt(0);
        out.putInt(site.attributes().size());
        for (Attribute a : site.attributes()) {
            HandleValueCodec.putBytes(out, HandleValueCodec.utf8(a.name()));
            HandleValueCodec.putBytes(out, HandleValueCodec.utf8(a.value()));
        }
        out.putInt(site.servers().size());
        for (Server s : site.servers()) {
            putServer(out, s);
        }
        return out.array();
    }

    private static int encodedSize(SiteInfo site) {
        int size = FIXED_BYTES + 4 + 4 + 4;
        for (Attribute a : site.attributes()) {
            size += 8 + HandleValueCodec.utf8(a.name()).length + HandleValueCodec.utf8(a.value()).length;
        }
        for (Server s : site.servers()) {
            size += 4
                    + SiteInfo.ADDRESS_BYTES
                    + 4
                    + s.publicKey().length
                    + 4
                    + 6 * s.interfaces().size();
        }
        return size;
    }

    private static void putServer(ByteBuffer out, Server s) {
        out.putInt(s.id());
        out.put(s.address());
        HandleValueCodec.putBytes(out, s.publicKey());
        out.putInt(s.interfaces().size());
        for (Interface i : s.interfaces()) {
            out.put((byte) i.service().code());
            out.put((byte) i.protocol().code());
            out.putInt(i.port());
        }
    }

    /**
     * Reads the data of an {@code HS_SITE} value (also {@code HS_SITE.PREFIX} and its relatives).
     *
     * @throws MalformedRecordException if a length, count or code is out of bounds, or octets are left over
     */
    public static SiteInfo decode(byte[] data) throws MalformedRecordException {
        ByteBuffer in = ByteBuffer.wrap(data);
        HandleValueCodec.need(in, FIXED_BYTES, "site");
        int version = in.getShort() & 0xffff;
        int major = in.get() & 0xff;
        int minor = in.get() & 0xff;
        int serial = in.getShort() & 0xffff;
        int flags = in.get();
        HashOption hash = pick(HashOption.values(), in.get(), "hash option");
        HandleValueCodec.getBytes(in, "hash filter");
        List<Attribute> attributes = attributes(in);
        List<Server> servers = servers(in);
        if (in.hasRemaining()) {
            throw new MalformedRecordException("site has " + in.remaining() + " octets behind its last server");
        }
        return new SiteInfo(
                version,
                major,
                minor,
                serial,
                (flags & PRIMARY) != 0,
                (flags & MULTI_PRIMARY) != 0,
                hash,
                attributes,
                servers);
    }

    private static List<Attribute> attributes(ByteBuffer in) throws MalformedRecordException {
        int count = HandleValueCodec.getCount(in, MAX_ENTRIES, "attribute count");
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = HandleValueCodec.getText(in, "attribute name");
            attributes.add(new Attribute(name, HandleValueCodec.getText(in, "attribute value")));
        }
        return attributes;
    }

    private static List<Server> servers(ByteBuffer in) throws MalformedRecordException {
        int count = HandleValueCodec.getCount(in, MAX_ENTRIES, "server count");
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HandleValueCodec.need(in, 4 + SiteInfo.ADDRESS_BYTES, "server");
            int id = in.getInt();
            byte[] address = new byte[SiteInfo.ADDRESS_BYTES];
            in.get(address);
            byte[] key = HandleValueCodec.getBytes(in, "public key");
            servers.add(new Server(id, address, key, interfaces(in)));
        }
        return servers;
    }

    private static List<Interface> interfaces(ByteBuffer in) throws MalformedRecordException {
        int count = HandleValueCodec.getCount(in, MAX_ENTRIES, "interface count");
        List<Interface> interfaces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HandleValueCodec.need(in, 6, "interface");
            Service service = pick(Service.values(), in.get(), "interface type");
            Protocol protocol = pick(Protocol.values(), in.get(), "interface protocol");
            int port = in.getInt();
            if (port < 0 || port > 0xffff) {
                throw new MalformedRecordException("port must be in 0..65535 but was " + port);
            }
            interfaces.add(new Interface(service, protocol, port));
        }
        return interfaces;
    }

    /** The constants of each enum stand in the order of their codes. */
    private static <T> T pick(T[] values, byte code, String what) throws MalformedRecordException {
        if (code < 0 || code >= values.length) {
            throw new MalformedRecordException(what + " must be in 0.." + (values.length - 1) + " but was " + code);
        }
        return values[code];
    }
}
