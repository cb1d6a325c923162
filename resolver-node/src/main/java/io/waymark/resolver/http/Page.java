package io.waymark.resolver.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What all pages for people have in common. No script, no picture, nothing loaded from anywhere. Everything that comes from
 * a record or a request is escaped.
 */
final class Page {
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1c2321;--soft:#5c6965;--line:#dde3e0;--back:#f6f8f7;--card:#fff;--link:#0b6b50;
            --good:#0b6b50;--goodback:#e3f4ec;--bad:#a3261c;--badback:#fbe9e7;--tag:#eef2f0}
            @media(prefers-color-scheme:dark){:root{--ink:#e4eae7;--soft:#9aa8a3;--line:#2c3532;--back:#121715;--card:#1a211e;
            --link:#6fd3b0;--good:#6fd3b0;--goodback:#12332a;--bad:#ff9d92;--badback:#3a1a17;--tag:#25302c}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--back);color:var(--ink);
            font:16px/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
            header,main,footer{max-width:54rem;margin:0 auto;padding:0 1.25rem}
            header{display:flex;justify-content:space-between;align-items:center;padding-top:1rem;padding-bottom:1rem}
            header a{text-decoration:none;color:var(--soft)}
            header a.home{font-weight:700;color:var(--ink);letter-spacing:.01em}
            header a.home::before{content:"";display:inline-block;width:.6rem;height:.6rem;margin-right:.5rem;border-radius:50%;
            background:var(--link)}
            main{padding-top:.75rem}
            footer{margin-top:2.5rem;padding-bottom:3rem;color:var(--soft);font-size:.875rem}
            footer a{margin-right:1rem}
            a{color:var(--link);text-underline-offset:.15em}
            a:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--link);outline-offset:2px}
            h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere;font-weight:650}
            h1 .prefix{color:var(--soft);font-weight:450}
            h2{font-size:1rem;margin:2rem 0 .5rem}
            p{margin:.25rem 0 .75rem}
            .lead{color:var(--soft);font-size:1.05rem}
            .note{border-radius:.6rem;padding:.65rem .9rem;margin:1rem 0;background:var(--tag);overflow-wrap:anywhere}
            .note.good{background:var(--goodback);color:var(--good)}
            .note.bad{background:var(--badback);color:var(--bad)}
            .note ul{margin:.25rem 0 0;padding-left:1.2rem}
            .top{display:flex;gap:1rem;align-items:flex-start}
            .top>div{flex:1;min-width:0}
            .card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.9rem 1.1rem}
            .goto{font-weight:600;overflow-wrap:anywhere}
            figure{margin:0;background:#fff;border:1px solid var(--line);border-radius:.75rem;padding:.6rem;width:9rem;
            text-align:center;flex:none}
            figure svg{display:block;width:100%;height:auto}
            figcaption{font-size:.7rem;color:#444;margin-top:.25rem}
            .values{padding:0;list-style:none;margin:0}
            .values>li{display:grid;grid-template-columns:3.25rem minmax(7rem,11rem) 1fr;gap:0 .75rem;padding:.85rem 1.1rem;
            border-top:1px solid var(--line)}
            .values>li:first-child{border-top:0}
            .values.card{padding:0}
            .index{color:var(--soft);font-variant-numeric:tabular-nums}
            .type{font-weight:600;overflow-wrap:anywhere}
            .type small,.life{display:block;color:var(--soft);font-weight:400;font-size:.8rem}
            .data{min-width:0;overflow-wrap:anywhere}
            .data ul{margin:0;padding-left:1.1rem}
            .life{margin-top:.3rem}
            .tag{display:inline-block;background:var(--tag);border-radius:.35rem;padding:0 .4rem;margin:.1rem .25rem .1rem 0;font-size:.8rem}
            code,pre{font:.875em/1.45 ui-monospace,"SF Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
            form{display:flex;gap:.5rem;flex-wrap:wrap;margin:1rem 0}
            input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.5rem;
            padding:.5rem .75rem;flex:1 1 16rem;min-width:0}
            button{font:inherit;font-weight:600;color:var(--card);background:var(--link);border:0;border-radius:.5rem;padding:.5rem 1.25rem;
            cursor:pointer}
            @media(max-width:40rem){.values>li{grid-template-columns:2.5rem 1fr}.data{grid-column:2}.top{flex-direction:column}}
            @media print{header,footer{display:none}body{background:#fff}}
            """;

    /** Pages need their own style and nothing else. */
    static final String POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Page() {}

    /**
     * Who reads.
     *
     * @param language of the page
     * @param query of this page
     */
    record Reader(Language language, QueryString query) {
        static Reader of(WebRequest request, QueryString query) {
            return new Reader(Language.of(request, query), query);
        }

        String say(String english, String chinese) {
            return language.of(english, chinese);
        }

        /** This page in the other language. Without the path, whose slashes could lead to another host. */
        String translated() {
            StringBuilder address = new StringBuilder("?");
            query.values()
                    .forEach((name, values) -> values.forEach(value -> {
                        if (!name.equals("lang")) {
                            address.append(UriText.encodeQuery(name)).append('=');
                            address.append(UriText.encodeQuery(value)).append('&');
                        }
                    }));
            return address.append("lang=").append(language.other().tag()).toString();
        }

        /** The page of another handle's record. */
        String record(String handle) {
            String lang = query.first("lang").isPresent() ? "&lang=" + language.tag() : "";
            return UriText.localPath(handle) + "?noredirect" + lang;
        }
    }

    /** Why there is nothing to show, and what to try. */
    static String fault(String title, String sentence, Reader reader) {
        String body = "<h1>" + escape(title) + "</h1><p class=lead>" + escape(sentence) + "</p><p>"
                + reader.say("You may try:", "您可以尝试：") + "</p><ul><li>"
                + reader.say(
                        "Check the spelling: a handle is a prefix, a slash and a name, such as 88.118.8/ABC123.",
                        "检查拼写：标识由前缀、斜线和名称组成，例如 88.118.8/ABC123。")
                + "</li><li>"
                + reader.say("Scan the code again, or type what is printed beside it.", "重新扫描条码，或输入条码旁印刷的内容。")
                + "</li><li>"
                + reader.say("Ask whoever put the code on the item whether it has been registered.", "向赋码企业确认该标识是否已注册。")
                + "</li></ul>" + form(reader);
        return page(title, body, "", reader);
    }

    /** The front door. */
    static String start(Reader reader) {
        String title = reader.say("What is it?", "标识查询");
        String body = "<h1>" + title + "</h1><p class=lead>"
                + reader.say(
                        "Enter a handle, or what a code says, and see what is registered for it.", "输入标识或扫码内容，查看其注册信息。")
                + "</p>" + form(reader);
        return page(title, body, "", reader);
    }

    private static String form(Reader reader) {
        return "<form action=\"/\" method=get><input name=hdl aria-label=\"" + reader.say("Handle", "标识")
                + "\" placeholder=\"88.118.8/ABC123\" required maxlength=500><button>" + reader.say("Look up", "查询")
                + "</button></form>";
    }

    /**
     * A whole page.
     *
     * @param body markup
     * @param links markup for the foot
     */
    static String page(String title, String body, String links, Reader reader) {
        Language other = reader.language().other();
        return "<!doctype html><html lang=" + reader.language().tag()
                + "><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">"
                + "<meta name=robots content=noindex><title>" + escape(title) + "</title><style>" + STYLE
                + "</style><header><a class=home href=\"/\">Waymark</a><a lang=" + other.tag() + " hreflang="
                + other.tag()
                + " href=\"" + escape(reader.translated()) + "\">" + other.of("English", "中文") + "</a></header><main>"
                + body + "</main><footer>" + links
                + reader.say("Resolved by Waymark, an open resolver.", "由开放解析平台 Waymark 解析。") + "</footer></html>\n";
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Nothing of the text can end an element or an attribute. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** A link to somewhere else, if it is one a browser may follow. */
    static String link(String address, String shown) {
        return io.waymark.resolver.link.WebAddress.isWeb(address)
                ? "<a rel=\"nofollow noreferrer noopener\" href=\"" + escape(address) + "\">" + escape(shown) + "</a>"
                : escape(shown);
    }
}
