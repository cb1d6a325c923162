package io.waymark.platform.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Properties;

/** The story's sentences in one language, with {@code %s} for what was measured. */
final class Words {
    private final Properties sentences;

    private Words(Properties sentences) {
        this.sentences = sentences;
    }

    /**
     * Loads a language.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    static Words of(String language) {
        Properties sentences = new Properties();
        try (InputStream in = Words.class.getResourceAsStream("story_" + language + ".properties")) {
            if (in == null) {
                throw new IllegalArgumentException("language must be en or zh but was \"" + language + "\"");
            }
            sentences.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new Words(sentences);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One sentence with its values filled in. */
    String say(String key, Object... values) {
        String sentence = sentences.getProperty(key);
        if (sentence == null) {
            throw new IllegalStateException("the story has no sentence \"" + key + "\"");
        }
        return String.format(Locale.ROOT, sentence, values);
    }
}
