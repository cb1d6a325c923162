package io.waymark.platform.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Draws what {@code GET /trace/{code}} answers: a vertical line, an event at each knot, oldest first. One instance draws
 * one timeline and may be given further events as they come; it is used by one thread.
 */
public final class TerminalTimeline {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE d MMMM yyyy", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int TIME_COLUMNS = 8;
    // two blanks, the time, two blanks, the line, two blanks
    private static final int INDENT = 2 + TIME_COLUMNS + 2 + 1 + 2;
    private static final Duration WORTH_TELLING = Duration.ofMinutes(1);

    private final Screen screen;
    private @Nullable ZonedDateTime last;

    /** A timeline that has no event yet. */
    public TerminalTimeline(Screen screen) {
        this.screen = screen;
    }

    /** What the code is: its canonical identifier and its parts. */
    public List<String> head(JsonNode trace) {
        List<String> lines = new ArrayList<>();
        for (String line : DisplayWidth.wrap(text(trace.path("identifier")), screen.columns())) {
            lines.add(screen.paint(Style.STRONG, line));
        }
        List<String> parts = new ArrayList<>();
        boolean keyed = isKeyed(trace.path("fields"));
        for (JsonNode field : trace.path("fields")) {
            if (!keyed || isKeyPart(field)) {
                parts.add(text(field.path("name")) + ' ' + text(field.path("value")));
            }
        }
        if (!parts.isEmpty()) {
            String joined = String.join(separator(), parts);
            DisplayWidth.wrap(joined, screen.columns()).forEach(l -> lines.add(screen.paint(Style.FAINT, l)));
        }
        return lines;
    }

    /** Of a GS1 code the application identifiers matter, not the bits or the web address that carried them. */
    private static boolean isKeyed(JsonNode fields) {
        for (JsonNode field : fields) {
            if (isKeyPart(field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKeyPart(JsonNode field) {
        return field.path("note").asText("").startsWith("AI ");
    }

    /** The head and all events; says so if there are none or some were left out. */
    public List<String> draw(JsonNode trace) {
        List<String> lines = new ArrayList<>(head(trace));
        for (JsonNode event : trace.path("events")) {
            lines.addAll(event(event));
        }
        if (trace.path("events").isEmpty()) {
            lines.add("");
            lines.add("  Nothing has been seen of it yet.");
        }
        if (trace.path("truncated").asBoolean(false)) {
            lines.add(screen.paint(
                    Style.WARNING, "  Only " + trace.path("events").size() + " events are shown; there are more."));
        }
        return lines;
    }

    /** One more event below those drawn before. */
    public List<String> event(JsonNode event) {
        List<String> lines = new ArrayList<>();
        ZonedDateTime time = time(event.path("eventTime").asText(""), screen.zone());
        drawWayTo(time, lines);
        String title = humane(text(event.path("bizStep")), text(event.path("type")));
        String when = time == null ? "?" : TIME.format(time);
        lines.add("  " + screen.paint(Style.FAINT, DisplayWidth.pad(when, TIME_COLUMNS)) + "  " + knot(event) + "  "
                + screen.paint(Style.STRONG, title) + disposition(event));
        addBesideLine(lines, place(event), null);
        addBesideLine(lines, sensors(event), Style.VALUE);
        last = time == null ? last : time;
        return lines;
    }

    private void drawWayTo(@Nullable ZonedDateTime time, List<String> lines) {
        ZonedDateTime before = last;
        if (time == null) {
            return;
        }
        if (before == null || !before.toLocalDate().equals(time.toLocalDate())) {
            lines.add(before == null ? "" : bar());
            lines.add(dayLine(time.toLocalDate(), time));
            lines.add(bar());
            return;
        }
        Duration between = Duration.between(before, time);
        lines.add(
                between.compareTo(WORTH_TELLING) < 0
                        ? bar()
                        : bar() + screen.paint(Style.FAINT, "  " + later(between)));
    }

    private String dayLine(LocalDate day, ZonedDateTime time) {
        return "  " + screen.paint(Style.FAINT, DAY.format(day) + " (UTC" + offset(time) + ")");
    }

    private static String offset(ZonedDateTime time) {
        String id = time.getOffset().getId();
        return id.equals("Z") ? "" : id;
    }

    private static String later(Duration between) {
        long minutes = between.toMinutes();
        if (minutes < 60) {
            return minutes + " min later";
        }
        return minutes / 60 + " h " + minutes % 60 + " min later";
    }

    private String bar() {
        return " ".repeat(2 + TIME_COLUMNS + 2) + screen.paint(Style.FAINT, screen.pick("│", "|"));
    }

    private String knot(JsonNode event) {
        return switch (event.path("action").asText("")) {
            case "ADD" -> screen.paint(Style.GOOD, screen.pick("●", "*"));
            case "DELETE" -> screen.paint(Style.BAD, screen.pick("✕", "x"));
            default -> screen.paint(Style.GOOD, screen.pick("○", "o"));
        };
    }

    private String disposition(JsonNode event) {
        String disposition = text(event.path("disposition"));
        return disposition.isEmpty() ? "" : separator() + disposition.replace('_', ' ');
    }

    private String place(JsonNode event) {
        List<String> parts = new ArrayList<>();
        String readPoint = text(event.path("readPoint"));
        String location = text(event.path("bizLocation"));
        String device = text(event.path("device"));
        if (!readPoint.isEmpty()) {
            parts.add("at " + place(readPoint));
        }
        // a read point that lies in its location says where that is
        if (!location.isEmpty() && !readPoint.startsWith(location)) {
            parts.add("in " + place(location));
        }
        if (!device.isEmpty()) {
            parts.add("by " + device);
        }
        return String.join(separator(), parts);
    }

    /** Locations are URIs; people read the parts that differ. */
    static String place(String uri) {
        String gln = "https://id.gs1.org/414/";
        if (uri.startsWith(gln)) {
            String[] parts = uri.substring(gln.length()).split("/254/", 2);
            return "GLN " + parts[0] + (parts.length == 2 ? " " + unescape(parts[1]) : "");
        }
        return uri.replaceFirst("^https?://", "");
    }

    private static String unescape(String text) {
        try {
            return DisplayWidth.printable(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private String sensors(JsonNode event) {
        List<String> parts = new ArrayList<>();
        for (JsonNode s : event.path("sensor")) {
            String value = text(s.path("value"));
            parts.add(text(s.path("type")) + ' ' + value + unit(text(s.path("uom"))));
        }
        return String.join(separator(), parts);
    }

    /** UN/ECE Recommendation 20 codes that have a sign everyone knows. */
    private String unit(String code) {
        return switch (code) {
            case "" -> "";
            case "CEL" -> screen.pick(" °C", " C");
            case "FAH" -> screen.pick(" °F", " F");
            case "P1" -> " %";
            case "A93" -> screen.pick(" g/m³", " g/m3");
            case "KGM" -> " kg";
            case "GRM" -> " g";
            case "HPA", "A97" -> " hPa";
            case "LUX" -> " lx";
            default -> " " + code;
        };
    }

    private void addBesideLine(List<String> lines, String text, @Nullable Style style) {
        if (text.isEmpty()) {
            return;
        }
        for (String part : DisplayWidth.wrap(text, screen.columns() - INDENT)) {
            lines.add(bar() + "  " + (style == null ? part : screen.paint(style, part)));
        }
    }

    private String separator() {
        return screen.pick(" · ", " - ");
    }

    private static String humane(String step, String type) {
        String words = (step.isEmpty() ? type : step).replace('_', ' ');
        return words.isEmpty() ? "event" : words;
    }

    private static String text(JsonNode node) {
        return DisplayWidth.printable(node.asText(""));
    }

    private static @Nullable ZonedDateTime time(String rfc3339, ZoneId zone) {
        try {
            return Instant.parse(rfc3339).atZone(zone);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
