package io.waymark.resolver.http;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.link.WebAddress;
import java.util.List;

/** Small pages for people. Everything that comes from a record or a request is escaped. */
final class Page {
    private static final String STYLE = """
            :root{color-scheme:light dark}
            body{font:16px/1.5 system-ui,"Noto Sans SC",sans-serif;max-width:58rem;margin:2.5rem auto;padding:0 1rem}
            h1{font-size:1.35rem;overflow-wrap:anywhere}
            table{border-collapse:collapse;width:100%}
            th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #8884}
            th{font-weight:600;font-size:.85rem;opacity:.75}
            td.n{font-variant-numeric:tabular-nums;opacity:.7}
            td.d{overflow-wrap:anywhere}
            code,pre{font:14px/1.4 ui-monospace,monospace;white-space:pre-wrap;margin:0}
            footer{margin-top:2rem;font-size:.85rem;opacity:.7}
            input{font:inherit;padding:.4rem .6rem;width:min(28rem,70%)}
            button{font:inherit;padding:.4rem 1rem}
            """;

    private Page() {}

    /** A record, for who does not want to be redirected or cannot be. */
    static String record(String handle, List<HandleValue> values, Language language) {
        StringBuilder rows = new StringBuilder();
        for (HandleValue v : values) {
            rows.append("<tr><td class=n>").append(v.index());
            rows.append("</td><td><code>").append(escape(v.type()));
            rows.append("</code></td><td class=d>").append(data(v));
            rows.append("</td><td class=n>")
                    .append(java.time.Instant.ofEpochSecond(v.timestampSeconds()))
                    .append("</td></tr>");
        }
        String table = "<table><thead><tr><th>" + language.of("Index", "索引") + "</th><th>"
                + language.of("Type", "类型") + "</th><th>" + language.of("Data", "数据") + "</th><th>"
                + language.of("Modified", "修改时间") + "</th></tr></thead><tbody>" + rows + "</tbody></table>";
        String json = "/api/handles/" + UriText.encodePath(handle) + "?pretty";
        String foot = "<footer><a href=\"" + escape(json) + "\">JSON</a> · "
                + language.of("resolved by Waymark", "由 Waymark 解析") + "</footer>";
        return page(handle, "<h1>" + escape(handle) + "</h1>" + table + foot, language);
    }

    /** Why there is nothing to show. */
    static String fault(String title, String sentence, Language language) {
        return page(title, "<h1>" + escape(title) + "</h1><p>" + escape(sentence) + "</p>", language);
    }

    /** The front door. */
    static String start(Language language) {
        String title = language.of("Waymark resolver", "Waymark 标识解析");
        String form =
                "<form action=\"/\" method=get><input name=hdl placeholder=\"88.118.8/ABC123\" required autofocus> "
                        + "<button>" + language.of("Resolve", "解析") + "</button></form>";
        return page(title, "<h1>" + title + "</h1>" + form, language);
    }

    private static String data(HandleValue v) {
        String text = ValueDataJson.readableText(v.data());
        if (text != null && WebAddress.isWeb(text)) {
            String safe = escape(text);
            return "<a rel=\"nofollow noreferrer\" href=\"" + safe + "\">" + safe + "</a>";
        }
        if (text != null && !v.type().startsWith("HS_")) {
            return escape(text);
        }
        return "<pre>"
                + escape(ValueDataJson.toJson(v.type(), v.data()).path("value").toPrettyString()) + "</pre>";
    }

    static String page(String title, String body, Language language) {
        return "<!doctype html><html lang=" + language.tag()
                + "><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>" + escape(title)
                + "</title><style>" + STYLE + "</style><body>" + body + "</body></html>\n";
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
}
