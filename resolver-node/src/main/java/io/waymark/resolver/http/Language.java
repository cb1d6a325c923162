package io.waymark.resolver.http;

import io.waymark.resolver.link.Preferences;

/** The languages pages are written in. */
enum Language {
    ENGLISH("en"),
    CHINESE("zh");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    String tag() {
        return tag;
    }

    /** One of two texts. */
    String of(String english, String chinese) {
        return this == CHINESE ? chinese : english;
    }

    /** What the reader prefers: {@code ?lang=} wins over the browser's setting. */
    static Language of(WebRequest request, QueryString query) {
        String wanted = query.first("lang").orElse(request.header("accept-language"));
        for (Preferences.Range range : Preferences.parse(wanted).ranges()) {
            for (Language language : values()) {
                if (range.weight() > 0 && range.name().matches(language.tag + "(-.*)?")) {
                    return language;
                }
            }
        }
        return ENGLISH;
    }

    /** The one it is not. */
    Language other() {
        return this == CHINESE ? ENGLISH : CHINESE;
    }
}
