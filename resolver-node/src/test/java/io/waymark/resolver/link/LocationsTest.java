package io.waymark.resolver.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.handle.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationsTest {
    private static final String PLACES = """
            <locations chooseby="locatt,country,language,weighted">
              <location id="0" href="https://gb.example/" country="gb" weight="0"/>
              <location id="1" href="https://zh.example/" language="zh" weight="0"/>
              <location id="2" href="https://a.example/" weight="1"/>
              <location id="3" href="https://b.example/" weight="3"/>
              <location id="4" href="javascript:alert(1)" weight="99"/>
            </locations>
            """;

    private static Locations decode(String xml) throws MalformedRecordException {
        return Locations.decode(xml.getBytes(StandardCharsets.UTF_8));
    }

    private static String choose(String xml, String locatt, String languages, double lot) throws Exception {
        Locations.Asked asked = Locations.Asked.of(locatt.isEmpty() ? List.of() : List.of(locatt), languages);
        return decode(xml).choose(asked, lot).map(Locations.Place::href).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "'', '',             0.0,  https://a.example/",
        "'', '',             0.24, https://a.example/",
        "'', '',             0.26, https://b.example/",
        "'', '',             0.99, https://b.example/",
        "id:0, '',             0.5,  https://gb.example/",
        "ID:1, '',             0.5,  https://zh.example/",
        "id:9, '',             0.1,  https://a.example/",
        "'', en-GB,          0.5,  https://gb.example/",
        "'', 'fr, en-GB',    0.5,  https://gb.example/",
        "'', zh-CN,          0.5,  https://zh.example/",
        "'', 'de, zh;q=0.1', 0.5,  https://zh.example/",
        "'', de,             0.1,  https://a.example/"
    })
    void choosesAsTheRecordSays(String locatt, String languages, double lot, String href) throws Exception {
        assertThat(choose(PLACES, locatt, languages, lot)).isEqualTo(href);
    }

    @Test
    void drawsByWeight() throws Exception {
        int b = 0;
        for (int i = 0; i < 1000; i++) {
            b += choose(PLACES, "", "", i / 1000.0).equals("https://b.example/") ? 1 : 0;
        }
        assertThat(b).isEqualTo(750);
    }

    @Test
    void drawsOfPlacesThatWeighNothingTheFirst() throws Exception {
        assertThat(choose("<locations><location href='https://a.example/' weight='0'/></locations>", "", "", 0.5))
                .isEqualTo("https://a.example/");
    }

    @Test
    void goesNowhereIfThereIsNowhereToGo() throws Exception {
        assertThat(choose("<locations/>", "", "", 0)).isEmpty();
        assertThat(choose("<locations><location href='ftp://a.example/'/></locations>", "", "", 0))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "no xml",
        "<locations>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><locations>&e;</locations>",
        "<a><b><c><d><e/></d></c></b></a>"
    })
    void refusesWhatIsNoXmlOrMore(String xml) {
        assertThatThrownBy(() -> decode(xml)).isInstanceOf(MalformedRecordException.class);
    }

    @FuzzTest
    void throwsNothingElse(byte[] data) {
        try {
            assertThat(Locations.decode(data).places()).allMatch(p -> WebAddress.isWeb(p.href()));
        } catch (MalformedRecordException e) {
            assertThat(e).hasNoCause();
        }
    }
}
