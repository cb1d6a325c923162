package io.waymark.resolver.http;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.HandleKeys;
import io.waymark.resolver.admin.ValueLists;
import io.waymark.resolver.link.Link;
import io.waymark.resolver.link.LinkSetValue;
import io.waymark.resolver.link.LinkTypes;
import io.waymark.resolver.link.Locations;
import io.waymark.resolver.link.WebAddress;
import io.waymark.resolver.signature.Claims;
import io.waymark.resolver.signature.Jws;
import io.waymark.resolver.signature.MalformedSignatureException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as people read them. What cannot be read as its type says is shown as text, or as octets. */
final class ValueView {
    private static final HexFormat HEX = HexFormat.of();
    private static final int OCTETS_SHOWN = 64;
    private static final int TEXT_SHOWN = 4000;

    private static final Map<String, String[]> MEANINGS = Map.ofEntries(
            meaning("URL", "Web address", "网址"),
            meaning("EMAIL", "E-mail address", "电子邮箱"),
            meaning("GS1", "GS1 code", "GS1 编码"),
            meaning("ALIAS", "Another code of it", "其他编码"),
            meaning("NAME", "Name", "名称"),
            meaning("DESC", "Description", "描述"),
            meaning("LINKSET", "Links", "链接集"),
            meaning("10320/LOC", "Places to go to", "多个地址"),
            meaning("HS_ADMIN", "Administrator", "管理员"),
            meaning("HS_VLIST", "Group", "用户组"),
            meaning("HS_SITE", "Where it is served", "服务站点"),
            meaning("HS_NA_DELEGATE", "Delegated to", "委派站点"),
            meaning("HS_SERV", "Served as told by", "服务标识"),
            meaning("HS_ALIAS", "Same as", "等同于"),
            meaning("HS_PUBKEY", "Public key", "公钥"),
            meaning("HS_SIGNATURE", "Signature", "签名"),
            meaning("HS_CERT", "Certificate of a key", "密钥证书"));

    private static final Map<Integer, String[]> RIGHTS = rights();

    private final Page.Reader reader;

    ValueView(Page.Reader reader) {
        this.reader = reader;
    }

    private static Map.Entry<String, String[]> meaning(String type, String english, String chinese) {
        return Map.entry(type, new String[] {english, chinese});
    }

    private static Map<Integer, String[]> rights() {
        Map<Integer, String[]> rights = new LinkedHashMap<>();
        rights.put(AdminRecord.ADD_HANDLE, new String[] {"create handles", "创建标识"});
        rights.put(AdminRecord.DELETE_HANDLE, new String[] {"delete handles", "删除标识"});
        rights.put(AdminRecord.ADD_DERIVED_PREFIX, new String[] {"create prefixes", "创建前缀"});
        rights.put(AdminRecord.DELETE_DERIVED_PREFIX, new String[] {"delete prefixes", "删除前缀"});
        rights.put(AdminRecord.MODIFY_VALUE, new String[] {"change values", "修改值"});
        rights.put(AdminRecord.REMOVE_VALUE, new String[] {"remove values", "删除值"});
        rights.put(AdminRecord.ADD_VALUE, new String[] {"add values", "添加值"});
        rights.put(AdminRecord.MODIFY_ADMIN, new String[] {"change administrators", "修改管理员"});
        rights.put(AdminRecord.REMOVE_ADMIN, new String[] {"remove administrators", "删除管理员"});
        rights.put(AdminRecord.ADD_ADMIN, new String[] {"add administrators", "添加管理员"});
        rights.put(AdminRecord.READ_VALUE, new String[] {"read values", "读取值"});
        rights.put(AdminRecord.LIST_HANDLES, new String[] {"list handles", "列出标识"});
        return rights;
    }

    /** What a type is for, as markup; empty if that is for its users to know. */
    String meaning(String type) {
        String[] words = MEANINGS.get(Handle.foldAscii(type));
        if (words != null) {
            return reader.say(words[0], words[1]);
        }
        return type.startsWith(LinkTypes.PREFIX)
                ? Page.escape(LinkTypes.expand(type).map(LinkTypes::title).orElse(""))
                : "";
    }

    /** The data, as markup. */
    String data(HandleValue v) {
        try {
            return byType(Handle.foldAscii(v.type()), v);
        } catch (MalformedRecordException e) {
            return plain(v);
        }
    }

    private String byType(String type, HandleValue v) throws MalformedRecordException {
        return switch (type) {
            case "HS_ADMIN" -> admin(AdminRecord.decode(v.data()));
            case "HS_VLIST" -> list(ValueLists.decode(v.data()));
            case "HS_SITE", "HS_SITE.6", "HS_SITE.PREFIX", "HS_NA_DELEGATE" -> site(SiteInfoCodec.decode(v.data()));
            case "HS_PUBKEY" -> key(v.data());
            case "HS_ALIAS", "HS_SERV" -> handleLink(0, v.dataText());
            case "HS_SIGNATURE", "HS_CERT" -> claims(v);
            case "LINKSET" -> links(LinkSetValue.decode(v.data()).links());
            case "10320/LOC" -> places(Locations.decode(v.data()));
            default -> plain(v);
        };
    }

    private String plain(HandleValue v) {
        String text = ValueDataJson.readableText(v.data());
        if (text == null) {
            byte[] shown = java.util.Arrays.copyOf(v.data(), Math.min(v.data().length, OCTETS_SHOWN));
            String more = shown.length < v.data().length ? " …" : "";
            return "<code>" + HEX.withDelimiter(" ").formatHex(shown) + more + "</code> <span class=tag>"
                    + v.data().length + reader.say(" octets", " 字节") + "</span>";
        }
        return WebAddress.isWeb(text) ? Page.link(text, text) : Page.escape(shortened(text, TEXT_SHOWN));
    }

    private static String shortened(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + " …";
    }

    /** A link to the page of another handle. */
    String handleLink(int index, String handle) {
        String text = index == 0 ? handle : index + ":" + handle;
        return "<a href=\"" + Page.escape(reader.record(handle)) + "\"><code>" + Page.escape(text) + "</code></a>";
    }

    private String admin(AdminRecord admin) {
        StringBuilder html = new StringBuilder(handleLink(admin.index(), admin.handle())).append("<br>");
        if ((admin.permissions() & AdminRecord.ALL) == AdminRecord.ALL) {
            return html.append(tag(reader.say("may do everything", "全部权限"))).toString();
        }
        RIGHTS.forEach((bit, words) -> {
            if ((admin.permissions() & bit) != 0) {
                html.append(tag(reader.say(words[0], words[1])));
            }
        });
        return html.toString();
    }

    private static String tag(String text) {
        return "<span class=tag>" + Page.escape(text) + "</span>";
    }

    private String list(List<ValueReference> members) {
        StringBuilder html = new StringBuilder("<ul>");
        members.forEach(m ->
                html.append("<li>").append(handleLink(m.index(), m.handle())).append("</li>"));
        return html.append("</ul>").toString();
    }

    /** What a signature says; whether it is right stands at the head of the page. */
    private String claims(HandleValue v) {
        try {
            Claims claims = Claims.of(Jws.parse(v.data()));
            String about = claims.digests()
                    .map(d -> reader.say("signs values ", "所签的值：")
                            + Page.escape(String.join(
                                    ", ",
                                    d.values().stream()
                                            .map(digest -> String.valueOf(digest.index()))
                                            .toList())))
                    .orElseGet(() -> reader.say("vouches for the key of ", "所证明的密钥：") + Page.escape(claims.subject()));
            return handleLink(claims.issuer().index(), claims.issuer().handle()) + "<br>" + about;
        } catch (MalformedSignatureException e) {
            return "<code>" + Page.escape(shortened(v.dataText(), OCTETS_SHOWN)) + "</code>";
        }
    }

    private String site(SiteInfo site) {
        StringBuilder html = new StringBuilder();
        site.attributes().stream()
                .filter(a -> a.name().equals("desc"))
                .forEach(a -> html.append(Page.escape(a.value())).append("<br>"));
        for (Server server : site.servers()) {
            html.append("<code>")
                    .append(Page.escape(server.inetAddress().getHostAddress()))
                    .append("</code> ");
            for (Interface i : server.interfaces()) {
                html.append(tag(i.protocol() + " " + i.port()));
            }
            if (server.publicKey().length > 0) {
                html.append("<br>").append(fingerprint(server.publicKey()));
            }
            html.append("<br>");
        }
        return html.toString();
    }

    private String key(byte[] data) throws MalformedRecordException {
        HandleKeys.Key key = HandleKeys.decode(data);
        int bits = key.numbers().stream()
                .mapToInt(java.math.BigInteger::bitLength)
                .max()
                .orElse(0);
        String name = key.algorithm().replace("_PUB_KEY", "");
        return Page.escape(name) + ", " + bits + reader.say(" bits", " 位") + "<br>" + fingerprint(data);
    }

    private static String fingerprint(byte[] key) {
        try {
            String hex = HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(key));
            return "<code>SHA-256 " + hex.replaceAll("(.{8})(?=.)", "$1 ") + "</code>";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static String links(List<Link> links) {
        StringBuilder html = new StringBuilder("<ul>");
        for (Link l : links) {
            html.append("<li>")
                    .append(Page.link(l.href(), l.title()))
                    .append(' ')
                    .append(about(l))
                    .append("</li>");
        }
        return html.append("</ul>").toString();
    }

    /** A link's type and attributes. */
    static String about(Link link) {
        StringBuilder html = new StringBuilder(tag(LinkTypes.shortened(link.relation())));
        link.languages().forEach(l -> html.append(tag(l)));
        link.contexts().forEach(c -> html.append(tag(c)));
        return html.append(link.mediaType().isEmpty() ? "" : tag(link.mediaType()))
                .toString();
    }

    private String places(Locations locations) {
        StringBuilder html = new StringBuilder("<ul>");
        for (Locations.Place place : locations.places()) {
            html.append("<li>").append(Page.link(place.href(), place.href())).append(' ');
            place.attributes().entrySet().stream()
                    .filter(a -> !a.getKey().equals("href"))
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(a -> html.append(tag(a.getKey() + " " + a.getValue())));
            html.append("</li>");
        }
        return html.append("</ul>").toString();
    }
}
