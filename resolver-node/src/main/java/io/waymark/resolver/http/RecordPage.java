package io.waymark.resolver.http;

import io.waymark.identifier.DigitalLink;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Identifier;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Recognizer;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.resolver.link.ItemLinks;
import io.waymark.resolver.link.Link;
import io.waymark.resolver.signature.SignatureReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A record, for who does not want to be redirected or cannot be: what it is, who vouches for it, every public value. */
final class RecordPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String ABOUT = "about";

    private final String handle;
    private final List<HandleValue> values;
    private final List<SignatureReport> signatures;
    private final String origin;
    private final Page.Reader reader;
    private final ValueView view;

    /**
     * @param values public ones
     * @param signatures what those among the values are worth
     * @param origin where the reader believes this node to be
     */
    RecordPage(
            String handle,
            List<HandleValue> values,
            List<SignatureReport> signatures,
            String origin,
            Page.Reader reader) {
        this.handle = handle;
        this.values = values.stream()
                .sorted(Comparator.comparingInt(HandleValue::index))
                .toList();
        this.signatures = signatures;
        this.origin = origin;
        this.reader = reader;
        this.view = new ValueView(reader);
    }

    String html() {
        ItemLinks links = ItemLinks.of(values, ABOUT);
        Optional<String> code = digitalLink();
        StringBuilder body = new StringBuilder(4096);
        body.append(heading());
        if (!links.description().isEmpty()) {
            body.append("<p class=lead>")
                    .append(Page.escape(links.description()))
                    .append("</p>");
        }
        body.append(vouching());
        body.append("<div class=top>").append(destination(links.main(), code));
        code.ifPresent(c -> body.append(QrCode.svg(c)
                .map(svg -> "<figure>" + svg + "<figcaption>GS1 Digital Link</figcaption></figure>")
                .orElse("")));
        body.append("</div><h2>").append(reader.say("Record", "记录")).append("</h2><ul class=\"values card\">");
        values.forEach(v -> body.append(row(v)));
        body.append("</ul>");
        return Page.page(handle, body.toString(), foot(code), reader);
    }

    private String heading() {
        int slash = handle.indexOf('/');
        return "<h1><span class=prefix>" + Page.escape(handle.substring(0, slash + 1)) + "</span>"
                + Page.escape(handle.substring(slash + 1)) + "</h1>";
    }

    /** Where browsers go by the handle, and where by its code. */
    private String destination(Optional<Link> main, Optional<String> code) {
        StringBuilder card = new StringBuilder("<div class=card>");
        List<String> addresses = Redirects.addresses(values);
        String title = addresses.size() > 1 ? reader.say("Leads to one of", "指向其中之一") : reader.say("Leads to", "指向");
        card.append("<p>").append(title).append("</p><p class=goto>");
        card.append(
                addresses.isEmpty()
                        ? reader.say("nowhere: the record has no web address", "未登记网址")
                        : String.join(
                                "<br>",
                                addresses.stream().map(a -> Page.link(a, a)).toList()));
        card.append("</p>");
        code.ifPresent(c -> {
            String here = c.substring(origin.length());
            card.append("<p>").append(reader.say("Its code", "编码")).append("<br><a href=\"");
            card.append(Page.escape(here))
                    .append("\"><code>")
                    .append(Page.escape(c))
                    .append("</code></a>");
            main.map(Link::href)
                    .filter(href -> !addresses.contains(href))
                    .ifPresent(href -> card.append(" → ").append(Page.link(href, href)));
            card.append("</p>");
        });
        return card.append("</div>").toString();
    }

    /** The first GS1 code of the record as a link that leads here. */
    private Optional<String> digitalLink() {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals("GS1")
                        || Handle.foldAscii(v.type()).equals("ALIAS"))
                .flatMap(v -> gs1(v).stream())
                .map(key -> origin + new DigitalLink("", key, List.of(), "").uri())
                .findFirst();
    }

    private static Optional<Gs1Key> gs1(HandleValue v) {
        try {
            Identifier code = Recognizer.recognize(v.dataText()).identifier();
            return code instanceof Gs1Key key ? Optional.of(key) : Optional.empty();
        } catch (MalformedIdentifierException e) {
            return Optional.empty();
        }
    }

    // --- who vouches

    private String vouching() {
        if (signatures.isEmpty()) {
            return "<p class=note>" + reader.say("Nobody has signed this record.", "该记录未经签名。") + "</p>";
        }
        StringBuilder notes = new StringBuilder();
        signatures.forEach(s -> notes.append(s.isGood() ? good(s) : bad(s)));
        return notes.toString();
    }

    private String good(SignatureReport s) {
        String issuer = "<code>" + Page.escape(s.issuer()) + "</code>";
        String until = s.life()
                .expires()
                .map(t -> reader.say(", until ", "，有效期至 ") + time(t))
                .orElse("");
        String rest = s.unsigned().isEmpty()
                ? ""
                : reader.say(" Not covered: values ", " 未覆盖的值：") + joined(s.unsigned()) + reader.say(".", "。");
        return "<p class=\"note good\"><strong>✓ " + reader.say("Signed</strong> by ", "签名有效</strong>，签名者 ") + issuer
                + until + reader.say(".", "。") + rest + "</p>";
    }

    private String bad(SignatureReport s) {
        StringBuilder why = new StringBuilder("<ul>");
        s.faults().forEach(f -> why.append("<li>").append(Page.escape(f)).append("</li>"));
        return "<div class=\"note bad\"><strong>✗ "
                + reader.say("A signature is not good", "签名无效") + "</strong> (" + s.index()
                + (s.issuer().isEmpty() ? "" : ", " + Page.escape(s.issuer())) + ")" + why + "</ul></div>";
    }

    private static String joined(List<Integer> indexes) {
        return String.join(", ", indexes.stream().map(String::valueOf).toList());
    }

    // --- values

    private String row(HandleValue v) {
        String meaning = view.meaning(v.type());
        return "<li id=v" + v.index() + "><span class=index>" + v.index() + "</span><span class=type>"
                + Page.escape(v.type()) + (meaning.isEmpty() ? "" : "<small>" + meaning + "</small>")
                + "</span><div class=data>" + view.data(v) + life(v) + "</div></li>";
    }

    private String life(HandleValue v) {
        String kept = v.ttl().absolute()
                ? reader.say("may be kept until ", "可缓存至 ") + time(v.ttl().seconds())
                : reader.say("may be kept ", "可缓存 ") + duration(v.ttl().seconds());
        String writable = (v.permissions() & Permissions.PUBLIC_WRITE) != 0
                ? " · " + reader.say("anybody may change it", "任何人可修改")
                : "";
        StringBuilder references = new StringBuilder();
        v.references().forEach(r -> references.append(" · ").append(view.handleLink(r.index(), r.handle())));
        return "<span class=life>" + reader.say("changed ", "修改于 ") + time(v.timestampSeconds()) + " · " + kept
                + writable + references + "</span>";
    }

    private static String time(long seconds) {
        long most = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        return TIME.format(Instant.ofEpochSecond(Math.max(-most, Math.min(most, seconds))));
    }

    private String duration(int seconds) {
        if (seconds % 86_400 == 0 && seconds > 0) {
            int days = seconds / 86_400;
            return days + reader.say(days == 1 ? " day" : " days", " 天");
        }
        if (seconds % 3600 == 0 && seconds > 0) {
            int hours = seconds / 3600;
            return hours + reader.say(hours == 1 ? " hour" : " hours", " 小时");
        }
        return seconds + reader.say(seconds == 1 ? " second" : " seconds", " 秒");
    }

    // --- foot

    private String foot(Optional<String> code) {
        String path = UriText.encodePath(handle);
        StringBuilder links = new StringBuilder("<p>");
        links.append(anchor("/api/handles/" + path + "?pretty", "JSON"));
        links.append(anchor("/api/signatures/" + path + "?pretty", reader.say("Signatures", "签名")));
        links.append(anchor("/api/history/" + path + "?pretty", reader.say("History", "历史")));
        code.ifPresent(c -> links.append(
                anchor(c.substring(origin.length()) + "?linkType=linkset", reader.say("All links", "全部链接"))));
        return links.append("</p>").toString();
    }

    private static String anchor(String address, String text) {
        return "<a href=\"" + Page.escape(address) + "\">" + text + "</a>";
    }
}
