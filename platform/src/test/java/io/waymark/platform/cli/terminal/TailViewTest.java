package io.waymark.platform.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static List<String> lines(ObjectNode event) {
        return new TailView(new Screen(40, true, true, false, ZoneOffset.UTC)).lines(event);
    }

    private static ObjectNode message(byte[] head, int size) {
        return JSON.createObjectNode()
                .put("time", "2026-11-22T08:00:00.250Z")
                .put("kind", "message")
                .put("device", "oven-1")
                .put("group", "drying")
                .put("topic", "t")
                .put("qos", 0)
                .put("retain", true)
                .put("size", size)
                .put("payload", Base64.getEncoder().encodeToString(head));
    }

    private static List<String> payload(String text) {
        byte[] octets = text.getBytes(UTF_8);
        List<String> lines = lines(message(octets, octets.length));
        return lines.subList(1, lines.size());
    }

    @Test
    void theHeadLineSaysWhenWhoWhereAndHowMuch() {
        assertThat(lines(message(new byte[0], 0))).containsExactly("08:00:00.250  oven-1  t  QoS 0, retained, 0 bytes");
        assertThat(lines(message(new byte[] {'x'}, 1)).get(0)).endsWith(", 1 byte");
    }

    @Test
    void jsonIsOneLineWhereItFitsAndIndentedWhereItDoesNot() {
        assertThat(payload("{ \"c\" : 81 }")).containsExactly("    {\"c\":81}");
        assertThat(payload("{\"temperature\":81.25,\"humidity\":40.5,\"doorOpen\":false}"))
                .hasSize(5)
                .contains("      \"humidity\" : 40.5,");
        assertThat(payload("{\"c\":81")).as("no JSON after all").containsExactly("    {\"c\":81");
    }

    @Test
    void textIsShownWithoutWhatWouldMoveTheCursorOrTurnTheText() {
        assertThat(payload("武夷\n岩茶")).containsExactly("    武夷", "    岩茶");
        assertThat(payload("a\tb")).containsExactly("    a\\x09b");
        assertThat(payload("a\u202eb")).containsExactly("    a\\u202eb");
        assertThat(payload("\u001b]0;title\u0007")).singleElement().asString().startsWith("    1b 5d 30 3b");
        ObjectNode named = message(new byte[0], 0).put("device", "d\u001b[31m").put("topic", "t\u0007");
        assertThat(lines(named).get(0)).contains("d\\x1b[31m  t\\x07");
    }

    @Test
    void octetsThatAreNoTextAreShownInRowsOfHexadecimal() {
        byte[] octets = new byte[200];
        Arrays.fill(octets, (byte) 0xff);
        octets[0] = 'A';
        List<String> lines = lines(message(octets, 5_000));
        assertThat(lines).hasSize(1 + 8 + 1);
        assertThat(lines.get(1)).isEqualTo("    41" + " ff".repeat(15) + "  A" + ".".repeat(15));
        assertThat(lines.get(9)).isEqualTo("    … 4872 more bytes");
    }

    @Test
    void textThatIsCutSaysSo() {
        assertThat(payload("x".repeat(2_001))).containsExactly("    " + "x".repeat(2_000), "    …");
        assertThat(lines(message("[1,2".getBytes(UTF_8), 9_000))).endsWith("    [1,2", "    …");
    }

    @Test
    void whatWasMissedIsCounted() {
        assertThat(lines(JSON.createObjectNode().put("missed", 12)))
                .containsExactly("12 events left out: they came too fast to be shown");
    }

    @Test
    void aCommandIsToldFromAMessage() {
        assertThat(lines(message(new byte[0], 0).put("kind", "command").put("retain", false)))
                .containsExactly("08:00:00.250  oven-1  command  t  QoS 0, 0 bytes");
    }

    @Test
    void theEndIsSaid() {
        assertThat(lines(JSON.createObjectNode().put("ended", "the node stops")))
                .containsExactly("the watching ended: the node stops");
    }
}
