package io.waymark.resolver.http;

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

    /** What the reader prefers: {@code ?lang=} wins over the browser's setting, of which the first word counts. */
    static Language of(WebRequest request, QueryString query) {
        String wanted = query.first("lang").orElse(request.header("accept-language"));
        return wanted.stripLeading().regionMatches(true, 0, "zh", 0, 2) ? CHINESE : ENGLISH;
    }
}
