package io.waymark.resolver.http;

import io.waymark.resolver.link.Link;
import io.waymark.resolver.link.LinkTypes;
import java.util.List;

/** Links for people to choose from. */
final class LinksPage {
    private LinksPage() {}

    static String of(List<Linkset.Context> contexts, Language language) {
        StringBuilder body = new StringBuilder();
        for (Linkset.Context context : contexts) {
            body.append("<h1>").append(Page.escape(context.description())).append("</h1><p><code>");
            body.append(Page.escape(context.anchor())).append("</code></p><ul>");
            context.links().stream()
                    .filter(l -> !l.relation().equals(LinkTypes.DEFAULT))
                    .forEach(l -> body.append(item(l)));
            body.append("</ul>");
        }
        return Page.page(contexts.get(0).description(), body.toString(), language);
    }

    private static String item(Link link) {
        String languages = link.languages().isEmpty() ? "" : " · " + String.join(", ", link.languages());
        String contexts = link.contexts().isEmpty() ? "" : " · " + String.join(", ", link.contexts());
        String type = link.mediaType().isEmpty() ? "" : " · " + link.mediaType();
        return "<li><a rel=\"nofollow noreferrer\" href=\"" + Page.escape(link.href()) + "\">"
                + Page.escape(link.title())
                + "</a> <small>"
                + Page.escape(LinkTypes.shortened(link.relation()) + languages + type + contexts)
                + "</small></li>";
    }
}
