package io.waymark.platform.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TerminalTimelineTest {
    private static final String TIN = """
            {"code":"x","identifier":"https://id.gs1.org/01/06901234000016/21/1001","scheme":"GS1",
             "fields":[{"name":"GTIN","value":"06901234000016","note":"AI 01"},{"name":"SERIAL","value":"1001","note":"AI 21"},
              {"name":"Stem","value":"https://id.gs1.org","note":"host"}],
             "events":[
              {"eventID":"1","type":"ObjectEvent","eventTime":"2026-11-22T08:00:00.000Z","action":"ADD","bizStep":"commissioning",
               "disposition":"active","readPoint":"https://id.gs1.org/414/6901234000023/254/tunnel","bizLocation":"","device":"rfid-tunnel-1",
               "sensor":[{"type":"Temperature","value":86.5,"uom":"CEL"},{"type":"RelativeHumidity","value":40,"uom":"P1"}]},
              {"eventID":"2","type":"ObjectEvent","eventTime":"2026-11-22T08:00:02.000Z","action":"OBSERVE","bizStep":"packing",
               "disposition":"in_progress","readPoint":"https://tea.example/wuyi/packing","bizLocation":"https://tea.example/wuyi","device":"packer"},
              {"eventID":"3","type":"ObjectEvent","eventTime":"2026-11-22T10:05:02.000Z","action":"OBSERVE","bizStep":"retail_selling",
               "disposition":"","readPoint":"上海市南京东路","device":"pos-7"},
              {"eventID":"4","type":"ObjectEvent","eventTime":"2026-11-23T01:00:00.000Z","action":"DELETE","bizStep":"","readPoint":""}],
             "count":4,"truncated":false}
            """;

    private static Screen screen(int columns, boolean unicode, boolean colour) {
        return new Screen(columns, true, unicode, colour, ZoneOffset.UTC);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String draw(String trace, Screen screen) {
        return String.join("\n", new TerminalTimeline(screen).draw(json(trace))) + "\n";
    }

    @Test
    void drawsAnItemsWay() {
        assertThat(draw(TIN, screen(80, true, false))).isEqualTo("""
                        https://id.gs1.org/01/06901234000016/21/1001
                        GTIN 06901234000016 · SERIAL 1001

                          Sunday 22 November 2026 (UTC)
                                    │
                          08:00:00  ●  commissioning · active
                                    │  at GLN 6901234000023 tunnel · by rfid-tunnel-1
                                    │  Temperature 86.5 °C · RelativeHumidity 40 %
                                    │
                          08:00:02  ○  packing · in progress
                                    │  at tea.example/wuyi/packing · by packer
                                    │  2 h 5 min later
                          10:05:02  ○  retail selling
                                    │  at 上海市南京东路 · by pos-7
                                    │
                          Monday 23 November 2026 (UTC)
                                    │
                          01:00:00  ✕  ObjectEvent
                        """);
    }

    @Test
    void fallsBackToAsciiForItsOwnMarks() {
        String drawn = draw(TIN, screen(80, false, false)).replace("上海市南京东路", "Shanghai");
        assertThat(drawn).isASCII();
        assertThat(drawn).contains("""
                          08:00:00  *  commissioning - active
                                    |  at GLN 6901234000023 tunnel - by rfid-tunnel-1
                                    |  Temperature 86.5 C - RelativeHumidity 40 %
                        """);
    }

    @Test
    void staysInsideANarrowTerminal() {
        String drawn = draw(TIN, screen(44, true, false));
        assertThat(drawn.lines()).allSatisfy(l -> assertThat(DisplayWidth.of(l)).isLessThanOrEqualTo(44));
        assertThat(drawn).contains("""
                                    │  at GLN 6901234000023 tunnel ·
                                    │  by rfid-tunnel-1
                        """);
    }

    @Test
    void coloursEndOnTheirLine() {
        String drawn = draw(TIN, screen(80, true, true));
        assertThat(drawn).contains("\u001b[1mpacking\u001b[0m · in progress");
        assertThat(drawn.lines())
                .allSatisfy(l -> assertThat(l.lastIndexOf("\u001b[0m"))
                        .isGreaterThanOrEqualTo(l.replace("\u001b[0m", "____").lastIndexOf("\u001b[")));
    }

    @Test
    void showsTimesInTheScreensZone() {
        Screen shanghai = new Screen(80, true, true, false, ZoneId.of("Asia/Shanghai"));
        assertThat(draw(TIN, shanghai))
                .contains("Sunday 22 November 2026 (UTC+08:00)")
                .contains("16:00:00  ●");
    }

    @Test
    void saysWhenNothingWasSeen() {
        assertThat(draw("{\"identifier\":\"88.118.8/X\",\"events\":[],\"count\":0}", screen(80, true, false)))
                .isEqualTo("88.118.8/X\n\n  Nothing has been seen of it yet.\n");
    }

    @Test
    void saysWhenEventsAreLeftOut() {
        String trace =
                "{\"identifier\":\"a\",\"events\":[{\"eventTime\":\"2026-11-22T08:00:00Z\"}],\"truncated\":true}";
        assertThat(draw(trace, screen(80, true, false))).contains("Only 1 events are shown; there are more.");
    }

    @Test
    void survivesAnEventWithoutATime() {
        assertThat(draw("{\"identifier\":\"a\",\"events\":[{\"bizStep\":\"packing\"}]}", screen(80, true, false)))
                .contains("  ?         ○  packing");
    }
}
