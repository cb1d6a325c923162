package io.waymark.identifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DigitalLinkTest {
    @Test
    void takesALinkApart() throws Exception {
        DigitalLink link = DigitalLink.parse(
                "https://example.com/a/b/01/09506000134352/10/LOT7/21/32a%2Fb?17=271231&linkType=gs1:pip&3103=000195#x");

        assertThat(link.stem()).isEqualTo("https://example.com/a/b");
        assertThat(link.key().canonical()).isEqualTo("https://id.gs1.org/01/09506000134352/21/32a%2Fb");
        assertThat(link.query()).isEqualTo("17=271231&linkType=gs1:pip&3103=000195");
        assertThat(link.elements().bracketed()).isEqualTo("(01)09506000134352(10)LOT7(21)32a/b(17)271231(3103)000195");
    }

    @Test
    void canonicalLinksKeepAllQualifiersAndSortAttributes() throws Exception {
        assertThat(DigitalLink.parse("http://a/01/9506000134352/10/L/21/S?99=x&17=271231&utm=1")
                        .canonical())
                .isEqualTo("https://id.gs1.org/01/09506000134352/10/L/21/S?17=271231&99=x");
    }

    @Test
    void readsRequestTargets() throws Exception {
        DigitalLink link = DigitalLink.parseTarget("/shop/414/9521141123454/254/32a?linkType=all");

        assertThat(link.stem()).isEqualTo("/shop");
        assertThat(link.key().canonical()).isEqualTo("https://id.gs1.org/414/9521141123454/254/32a");
    }

    @Test
    void overlooksOneSlashAtTheEnd() throws Exception {
        assertThat(DigitalLink.parse("https://a/01/09506000134352/").key())
                .isEqualTo(Gs1Key.of("01", "09506000134352"));
        assertRefused("https://a/01/09506000134352//", "holds no GS1 key");
    }

    @Test
    void readsCompressedTags() throws Exception {
        Gs1Key key = Gs1Key.of("01", "09506000134352", "21", "6789");

        assertThat(DigitalLink.parse("https://a/x/eh3066c4409047e14000001a85").key())
                .isEqualTo(key);
        assertThat(DigitalLink.parse("https://a/exMGbEQJBH4UAAABqF").key()).isEqualTo(key);
        assertRefused("https://a/ehe28011606000020964a0b5c5", "holds no EPC of a GS1 key");
    }

    @Test
    void plusIsASpaceInTheQueryOnly() throws Exception {
        assertThat(DigitalLink.parse("https://a/01/09506000134352/21/a+b")
                        .elements()
                        .bracketed())
                .isEqualTo("(01)09506000134352(21)a+b");
        assertRefused("https://a/01/09506000134352?99=a+b", "U+20");
    }

    @Test
    void refusesBrokenLinks() {
        assertRefused("ftp://a/01/09506000134352", "must begin with https://");
        assertRefused("https:///01/09506000134352", "link has no host");
        assertRefused("https://u@a/01/09506000134352", "must not have '@'");
        assertRefused("https://a/01/0950600013435 2", "U+20 at 26");
        assertRefused("https://a/b/c", "holds no GS1 key");
        assertRefused(
                "https://a/01/09506000134352/21/S/10/L",
                "takes qualifiers [22, 10, 21] or [235] but the path has [21, 10]");
        assertRefused("https://a/01/09506000134352/17/271231", "takes qualifiers");
        assertRefused("https://a/01/09506000134352?10=L", "must stand in the path");
        assertRefused("https://a/01/09506000134352?254=x", "must not stand in the query");
        assertRefused("https://a/01/09506000134352?89=x", "89 is no GS1 application identifier");
        assertRefused("https://a/01/09506000134352?99=x&99=y", "comes twice");
        assertRefused("https://a/415/9521141123454", "AI 415 needs its payment reference");
        assertRefused("https://a/01/09506000134353", "check digit 2");
        assertRefused("https://a/" + "b".repeat(8200), "at most 8192 characters");
    }

    private static void assertRefused(String uri, String reason) {
        assertThatThrownBy(() -> DigitalLink.parse(uri))
                .isInstanceOf(MalformedIdentifierException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void makesLinksOfScans() throws Exception {
        ElementString scan = ElementString.parse("(99)XYZ(21)S+1(01)09506000134352(10)L(17)271231");

        assertThat(DigitalLink.of(scan, "https://example.com").uri())
                .isEqualTo("https://example.com/01/09506000134352/10/L/21/S%2B1?17=271231&99=XYZ");
    }

    @Test
    void makesNoLinkOfWhatMayNotStandInOne() throws Exception {
        ElementString keyless = ElementString.parse("(10)L");
        ElementString mixed = ElementString.parse("(01)09506000134352(235)T(10)L");

        assertThatThrownBy(() -> DigitalLink.of(keyless, "https://a")).hasMessageContaining("holds no key");
        assertThatThrownBy(() -> DigitalLink.of(mixed, "https://a")).hasMessageContaining("must stand in the path");
    }
}
