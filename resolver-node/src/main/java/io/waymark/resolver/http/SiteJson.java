package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Attribute;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Site records as JSON. */
final class SiteJson {
    private static final int BYTE_MAX = 255;
    private static final int SHORT_MAX = 65_535;
    /** Only literals: a name would ask DNS. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");

    private SiteJson() {}

    static ObjectNode toJson(SiteInfo site) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", site.version());
        json.put("protocolVersion", site.protocolMajor() + "." + site.protocolMinor());
        json.put("serialNumber", site.serial());
        json.put("primarySite", site.primary());
        json.put("multiPrimary", site.multiPrimary());
        if (site.hashOption() != HashOption.WHOLE_HANDLE) {
            json.put("hashOption", site.hashOption().code());
        }
        site.attributes()
                .forEach(a -> json.withArray("attributes")
                        .addObject()
                        .put("name", a.name())
                        .put("value", a.value()));
        site.servers().forEach(s -> json.withArray("servers").add(serverToJson(s)));
        return json;
    }

    private static ObjectNode serverToJson(Server server) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("serverId", server.id());
        json.put("address", server.inetAddress().getHostAddress());
        if (server.publicKey().length > 0) {
            json.set("publicKey", ValueDataJson.toJson("HS_PUBKEY", server.publicKey()));
        }
        for (Interface i : server.interfaces()) {
            json.withArray("interfaces")
                    .addObject()
                    .put("query", i.service().query())
                    .put("admin", i.service().admin())
                    .put("protocol", i.protocol().name())
                    .put("port", i.port());
        }
        return json;
    }

    static SiteInfo fromJson(JsonPlace json) throws MalformedRecordException {
        json.requireObject();
        int[] protocol = protocolVersion(json.required("protocolVersion"));
        List<Attribute> attributes = new ArrayList<>();
        for (JsonPlace a : listOf(json.optional("attributes"))) {
            attributes.add(
                    new Attribute(a.required("name").text(), a.required("value").text()));
        }
        List<Server> servers = new ArrayList<>();
        for (JsonPlace s : listOf(json.required("servers"))) {
            servers.add(serverFromJson(s));
        }
        return new SiteInfo(
                json.required("version").intIn(0, SHORT_MAX),
                protocol[0],
                protocol[1],
                json.required("serialNumber").intIn(0, SHORT_MAX),
                flag(json.optional("primarySite")),
                flag(json.optional("multiPrimary")),
                hashOption(json.optional("hashOption")),
                attributes,
                servers);
    }

    private static Server serverFromJson(JsonPlace json) throws MalformedRecordException {
        json.requireObject();
        JsonPlace key = json.optional("publicKey");
        List<Interface> interfaces = new ArrayList<>();
        for (JsonPlace i : listOf(json.optional("interfaces"))) {
            interfaces.add(interfaceFromJson(i));
        }
        return Server.at(
                json.required("serverId").intIn(0, Integer.MAX_VALUE),
                address(json.required("address")),
                key.absent() ? new byte[0] : ValueDataJson.fromJson(key),
                interfaces);
    }

    private static Interface interfaceFromJson(JsonPlace json) throws MalformedRecordException {
        json.requireObject();
        boolean query = flag(json.optional("query"));
        boolean admin = flag(json.optional("admin"));
        Service service = query && admin
                ? Service.ADMIN_AND_QUERY
                : query ? Service.QUERY : admin ? Service.ADMIN : Service.OUT_OF_SERVICE;
        JsonPlace protocol = json.required("protocol");
        for (Protocol p : Protocol.values()) {
            if (p.name().equals(protocol.text())) {
                return new Interface(service, p, json.required("port").intIn(0, SHORT_MAX));
            }
        }
        throw protocol.fault("must be one of UDP, TCP, HTTP, HTTPS");
    }

    private static InetAddress address(JsonPlace place) throws MalformedRecordException {
        try {
            if (ADDRESS.matcher(place.text()).matches()) {
                return InetAddress.getByName(place.text());
            }
        } catch (UnknownHostException e) {
            throw place.fault("must be an IPv4 or IPv6 address");
        }
        throw place.fault("must be an IPv4 or IPv6 address");
    }

    private static int[] protocolVersion(JsonPlace place) throws MalformedRecordException {
        String[] parts = place.text().split("\\.", -1);
        try {
            if (parts.length == 2) {
                int major = Integer.parseInt(parts[0]);
                int minor = Integer.parseInt(parts[1]);
                if (major >= 0 && major <= BYTE_MAX && minor >= 0 && minor <= BYTE_MAX) {
                    return new int[] {major, minor};
                }
            }
        } catch (NumberFormatException e) {
            throw place.fault("must be a version such as 2.11");
        }
        throw place.fault("must be a version such as 2.11");
    }

    private static HashOption hashOption(JsonPlace place) throws MalformedRecordException {
        if (place.absent()) {
            return HashOption.WHOLE_HANDLE;
        }
        int code = place.intIn(0, HashOption.WHOLE_HANDLE.code());
        return code == HashOption.PREFIX.code()
                ? HashOption.PREFIX
                : code == HashOption.SUFFIX.code() ? HashOption.SUFFIX : HashOption.WHOLE_HANDLE;
    }

    private static List<JsonPlace> listOf(JsonPlace place) throws MalformedRecordException {
        return place.absent() ? List.of() : place.elements();
    }

    private static boolean flag(JsonPlace place) throws MalformedRecordException {
        return !place.absent() && place.bool();
    }
}
