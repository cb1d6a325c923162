package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final Pattern VALUE = Pattern.compile("%(?:([0-9]+)\\$)?s");

    private static Properties sentences(String language) throws IOException {
        Properties sentences = new Properties();
        try (InputStream in =
                Objects.requireNonNull(WordsTest.class.getResourceAsStream("story_" + language + ".properties"))) {
            sentences.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return sentences;
    }

    /** Which arguments a sentence shows. */
    private static Set<Integer> values(String sentence) {
        Set<Integer> shown = new TreeSet<>();
        Matcher m = VALUE.matcher(sentence);
        int next = 1;
        while (m.find()) {
            String index = m.group(1);
            shown.add(index == null ? next++ : Integer.parseInt(index));
        }
        return shown;
    }

    @Test
    void bothLanguagesSayTheSameThings() throws IOException {
        Properties english = sentences("en");
        Properties chinese = sentences("zh");
        assertThat(chinese.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        english.stringPropertyNames()
                .forEach(key -> assertThat(values(chinese.getProperty(key)))
                        .as(key)
                        .isEqualTo(values(english.getProperty(key))));
    }

    @Test
    void fillsValuesIn() {
        assertThat(Words.of("en").say("kafka.done", 7, "3 ms"))
                .contains("7 acknowledged, 7 read back")
                .contains("3 ms");
        assertThat(Words.of("zh").say("title")).isEqualTo("武夷岩茶：从鲜叶到柜台");
    }

    @Test
    void refusesAnUnknownLanguage() {
        assertThatThrownBy(() -> Words.of("fr")).hasMessage("language must be en or zh but was \"fr\"");
    }
}
