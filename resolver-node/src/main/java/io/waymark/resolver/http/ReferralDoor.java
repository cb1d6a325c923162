package io.waymark.resolver.http;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.link.WebAddress;
import io.waymark.resolver.message.Response;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sends a browser on to the node that serves a delegated prefix, if that node speaks HTTP. */
final class ReferralDoor {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private ReferralDoor() {}

    /** A redirect to the same address at the other node, or a page that says who that is. */
    static WebAnswer answer(WebRequest request, String handle, Response.Referral referral, Page.Reader reader) {
        Optional<String> origin = origin(referral.values());
        if (origin.isPresent()) {
            String query = request.rawQuery().isEmpty() ? "" : '?' + request.rawQuery();
            return WebAnswer.redirect(302, WebAddress.forHeader(origin.get() + request.rawPath() + query))
                    .forAnyOrigin();
        }
        return request.header("accept").contains("text/html")
                        && !referral.values().isEmpty()
                ? WebAnswer.page(
                        300,
                        new RecordPage(referral.handle(), referral.values(), List.of(), request.origin(), reader)
                                .html())
                : WebAnswer.json(300, HandleJson.referralToJson(referral, handle), false)
                        .forAnyOrigin();
    }

    private static Optional<String> origin(List<HandleValue> values) {
        return values.stream()
                .flatMap(v -> site(v).stream())
                .flatMap(s -> origin(s).stream())
                .findFirst();
    }

    private static Optional<SiteInfo> site(HandleValue value) {
        try {
            return Optional.of(SiteInfoCodec.decode(value.data()));
        } catch (MalformedRecordException e) {
            return Optional.empty(); // the name of a service, not a site
        }
    }

    /** {@code scheme://host:port} of the first server. Browsers believe a certificate for a name, hardly for an address. */
    private static Optional<String> origin(SiteInfo site) {
        if (site.servers().isEmpty()) {
            return Optional.empty();
        }
        Server server = site.servers().get(0);
        boolean named = site.attribute("domain").isPresent();
        return web(server, named ? Protocol.HTTPS : Protocol.HTTP)
                .or(() -> web(server, named ? Protocol.HTTP : Protocol.HTTPS))
                .flatMap(i -> host(site, server).map(host -> origin(i, host)));
    }

    private static Optional<Interface> web(Server server, Protocol protocol) {
        return server.interfaces().stream()
                .filter(i -> i.service().query() && i.protocol() == protocol)
                .findFirst();
    }

    private static String origin(Interface web, String host) {
        boolean secure = web.protocol() == Protocol.HTTPS;
        boolean usual = web.port() == (secure ? HTTPS_PORT : HTTP_PORT);
        return (secure ? "https://" : "http://") + host + (usual ? "" : ":" + web.port());
    }

    private static Optional<String> host(SiteInfo site, Server server) {
        Optional<String> domain =
                site.attribute("domain").filter(d -> HOST_NAME.matcher(d).matches());
        if (domain.isPresent()) {
            return domain;
        }
        InetAddress address = server.inetAddress();
        if (address.isAnyLocalAddress()) {
            return Optional.empty();
        }
        return Optional.of(
                address instanceof Inet6Address ? '[' + address.getHostAddress() + ']' : address.getHostAddress());
    }
}
