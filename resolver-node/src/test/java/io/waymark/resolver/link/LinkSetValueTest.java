package io.waymark.resolver.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.handle.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkSetValueTest {
    private static LinkSetValue.Content decode(String json) throws MalformedRecordException {
        return LinkSetValue.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | links must be a JSON object",
                "{ | links are no JSON",
                "{\"gs1:pip\":{}} | gs1:pip must be an array",
                "{\"gs1:pip\":[{}]} | gs1:pip[0].href must be a string",
                "{\"gs1:pip\":[{\"href\":\"https://a\"}]} | gs1:pip[0].title must be a string",
                "{\"gs1:pip\":[{\"href\":\"data:text/html,x\",\"title\":\"t\"}]} | gs1:pip[0].href must be an http",
                "{\"gs1:pip\":[{\"href\":\"https://a\",\"title\":\"t\",\"type\":\"html\"}]} | must be a media type",
                "{\"gs1:pip\":[{\"href\":\"https://a\",\"title\":\"t\",\"hreflang\":[\"english!\"]}]} | hreflang[0]",
                "{\"gs1:pip\":[{\"href\":\"https://a\",\"title\":\"t\",\"context\":[1]}]} | context[0]",
                "{\"gs1:pip\":[],\"gs1:pip\":[]} | links are no JSON",
                "{\"GS1:pip\":[]} | is no link type"
            })
    void saysWhatIsWrongAndWhere(String json, String fault) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(fault.trim());
    }

    @Test
    void readsWhatALinksetSaysOfOneAnchor() throws Exception {
        LinkSetValue.Content content = decode("{\"anchor\":\"https://id.gs1.org/01/1\",\"itemDescription\":\"Tea\","
                + "\"license\":[{\"href\":\"https://a.example/\",\"title\":\"L\",\"hreflang\":\"en\"}]}");

        assertThat(content.description()).isEqualTo("Tea");
        assertThat(content.links().get(0).relation()).isEqualTo("license");
        assertThat(content.links().get(0).languages()).containsExactly("en");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                " \tJavaScript:alert(1)",
                "java\nscript:alert(1)",
                "\u0001vbscript:x",
                "data:text/html;base64,AAAA",
                "view-source:https://a.example"
            })
    void knowsWhatRunsInABrowser(String address) {
        assertThat(WebAddress.isHarmful(address)).isTrue();
        assertThat(WebAddress.isWeb(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example/x:y", "mailto:a@b.example", "opc.tcp://plc:4840", "no address", ""})
    void letsOtherAddressesBe(String address) {
        assertThat(WebAddress.isHarmful(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://", "https:///x", "http://?x", "https://a b", "https://a\\b", "//a", "HTTPS"})
    void redirectsToWholeWebAddressesOnly(String address) {
        assertThat(WebAddress.isWeb(address)).isFalse();
    }

    @FuzzTest
    void throwsNothingElse(byte[] data) {
        try {
            assertThat(LinkSetValue.decode(data).links()).allMatch(l -> WebAddress.isWeb(l.href()));
        } catch (MalformedRecordException e) {
            assertThat(e).hasNoCause().hasMessageNotContaining("\n");
        }
    }
}
