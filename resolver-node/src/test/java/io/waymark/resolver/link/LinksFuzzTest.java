package io.waymark.resolver.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.Allocations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Links and places as records hold them, preferences as clients send them. */
class LinksFuzzTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<byte[]> places() {
        return Stream.of(
                utf8("<locations chooseby=\"locatt,country,language,weighted\"><location id=\"0\""
                        + " href=\"https://eu.example/\" country=\"gb\" weight=\"0\"/><location href=\"https://a.example/\""
                        + " weight=\"1\"/></locations>"),
                utf8("<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><locations>&b;</locations>"));
    }

    @MethodSource("places")
    @FuzzTest
    void places(byte[] data) {
        // the platform's XML reader loads its error messages again and again
        Allocations.bounded(8_000_000, data, () -> {
            try {
                assertThat(Locations.decode(data).places()).allMatch(place -> place.weight() >= 0);
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }

    static Stream<byte[]> linkSets() {
        return Stream.of(
                utf8("{\"itemDescription\":\"Tea\",\"gs1:defaultLink\":[{\"href\":\"https://tea.example/\",\"title\":"
                        + "\"Rougui\"}],\"gs1:pip\":[{\"href\":\"https://tea.example/en\",\"hreflang\":[\"en\"],\"type\":\"text/html\","
                        + "\"context\":[\"GB\"]}]}"));
    }

    @MethodSource("linkSets")
    @FuzzTest
    void linkSets(byte[] data) {
        Allocations.bounded(data, () -> {
            try {
                assertThat(LinkSetValue.decode(data).links()).hasSizeLessThanOrEqualTo(LinkSetValue.MAX_LINKS);
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }

    static Stream<byte[]> preferences() {
        return Stream.of(
                utf8("text/html,application/json;q=0.9,*/*;q=0.1"), utf8("zh-CN,zh;q=0.9,en;q=0.8"), utf8("a;q=x,;;,"));
    }

    @MethodSource("preferences")
    @FuzzTest
    void preferences(byte[] header) {
        Allocations.bounded(
                header,
                () -> assertThat(Preferences.parse(new String(header, StandardCharsets.ISO_8859_1))
                                .ranges())
                        .allMatch(range -> range.weight() >= 0 && range.weight() <= 1));
    }
}
