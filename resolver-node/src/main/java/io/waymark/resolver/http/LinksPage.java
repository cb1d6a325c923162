package io.waymark.resolver.http;

import io.waymark.resolver.link.Link;
import io.waymark.resolver.link.LinkTypes;
import java.util.List;

/** Links for people to choose from. */
final class LinksPage {
    private LinksPage() {}

    static String of(List<Linkset.Context> contexts, Page.Reader reader) {
        StringBuilder body = new StringBuilder();
        for (Linkset.Context context : contexts) {
            body.append(body.length() == 0 ? "<h1>" : "<h2>").append(Page.escape(context.description()));
            body.append(body.indexOf("</h1>") < 0 ? "</h1>" : "</h2>");
            body.append("<p><code>").append(Page.escape(context.anchor())).append("</code></p><ul>");
            context.links().stream()
                    .filter(l -> !l.relation().equals(LinkTypes.DEFAULT))
                    .forEach(l -> body.append(item(l)));
            body.append("</ul>");
        }
        return Page.page(contexts.get(0).description(), body.toString(), "", reader);
    }

    private static String item(Link link) {
        return "<li>" + Page.link(link.href(), link.title()) + ' ' + ValueView.about(link) + "</li>";
    }
}
