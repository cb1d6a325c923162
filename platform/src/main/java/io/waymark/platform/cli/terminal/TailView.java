package io.waymark.platform.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Events of devices as lines for people. What devices sent is never shown raw: it may hold escape sequences. */
public final class TailView {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int JSON_LINES_MAX = 40;
    private static final int TEXT_MAX = 2_000;
    private static final int HEX_ROW = 16;
    private static final int HEX_ROWS_MAX = 8;
    private static final String INDENT = "    ";

    private final Screen screen;

    /** @param screen what it can show, and the zone of times */
    public TailView(Screen screen) {
        this.screen = screen;
    }

    /** One event, as the node tells it. */
    public List<String> lines(JsonNode event) {
        if (event.has("missed")) {
            return List.of(screen.paint(
                    Style.BAD, event.path("missed").asLong() + " events left out: they came too fast to be shown"));
        }
        if (event.has("ended")) {
            return List.of(screen.paint(
                    Style.BAD,
                    "the watching ended: "
                            + DisplayWidth.printable(event.path("ended").asText())));
        }
        List<String> lines = new ArrayList<>();
        String time = TIME.format(Instant.parse(event.path("time").asText()).atZone(screen.zone()));
        String device = DisplayWidth.printable(event.path("device").asText());
        if (!event.has("topic")) {
            String detail = DisplayWidth.printable(event.path("detail").asText());
            String kind = event.path("kind").asText();
            lines.add(screen.paint(Style.FAINT, time) + "  " + device + "  "
                    + screen.paint(kind.equals("connected") ? Style.GOOD : Style.BAD, kind) + "  " + detail);
            return lines;
        }
        long size = event.path("size").asLong();
        String head = screen.paint(Style.FAINT, time) + "  " + device + "  "
                + (event.path("kind").asText().equals("command") ? "command  " : "")
                + screen.paint(
                        Style.STRONG, DisplayWidth.printable(event.path("topic").asText()))
                + screen.paint(
                        Style.FAINT,
                        "  QoS " + event.path("qos").asInt()
                                + (event.path("retain").asBoolean() ? ", retained" : "") + ", " + size
                                + (size == 1 ? " byte" : " bytes"));
        lines.add(head);
        payload(Base64.getDecoder().decode(event.path("payload").asText()), size, lines);
        return lines;
    }

    private void payload(byte[] octets, long size, List<String> lines) {
        Optional<String> text = text(octets);
        if (octets.length == 0) {
            return;
        }
        if (text.isEmpty()) {
            hex(octets, size, lines);
            return;
        }
        List<String> shown = size == octets.length ? json(text.get()) : List.of();
        if (shown.isEmpty()) {
            String cut = text.get().length() > TEXT_MAX ? text.get().substring(0, TEXT_MAX) : text.get();
            boolean all = cut.length() == text.get().length() && size == octets.length;
            cut.lines().forEach(line -> lines.add(INDENT + DisplayWidth.printable(line)));
            if (!all) {
                lines.add(INDENT + screen.paint(Style.FAINT, screen.ellipsis()));
            }
        } else {
            shown.forEach(line -> lines.add(INDENT + line));
        }
    }

    /** The text in UTF-8; empty when the octets are none, or hold control characters other than white space. */
    private static Optional<String> text(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            boolean plain = text.chars().noneMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0);
            return plain ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** JSON on lines of its own; none when it is no object or list, or has too many lines. */
    private List<String> json(String text) {
        if (!text.stripLeading().startsWith("{") && !text.stripLeading().startsWith("[")) {
            return List.of();
        }
        try {
            JsonNode tree = JSON.readTree(text);
            String oneLine = JSON.writeValueAsString(tree);
            if (DisplayWidth.of(oneLine) + INDENT.length() <= screen.columns()) {
                return List.of(DisplayWidth.printable(oneLine));
            }
            List<String> lines = JSON.writer(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(tree)
                    .lines()
                    .map(DisplayWidth::printable)
                    .toList();
            return lines.size() <= JSON_LINES_MAX ? lines : List.of();
        } catch (JsonProcessingException e) {
            return List.of();
        }
    }

    private void hex(byte[] octets, long size, List<String> lines) {
        int shown = Math.min(octets.length, HEX_ROW * HEX_ROWS_MAX);
        for (int from = 0; from < shown; from += HEX_ROW) {
            int to = Math.min(shown, from + HEX_ROW);
            StringBuilder readable = new StringBuilder();
            for (int i = from; i < to; i++) {
                readable.append(octets[i] >= ' ' && octets[i] < 0x7f ? (char) octets[i] : '.');
            }
            String digits = HexFormat.ofDelimiter(" ").formatHex(octets, from, to);
            lines.add(INDENT + String.format(Locale.ROOT, "%-47s", digits) + "  "
                    + screen.paint(Style.FAINT, readable.toString()));
        }
        if (shown < size) {
            lines.add(INDENT + screen.paint(Style.FAINT, screen.ellipsis() + " " + (size - shown) + " more bytes"));
        }
    }
}
