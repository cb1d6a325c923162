package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.waymark.identifier.Handle;
import io.waymark.resolver.statistics.Measure;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.statistics.DayCounts;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Resolutions and registrations by prefix and day. */
@Description("Resolutions and registrations by prefix and day.")
final class StatisticsService {
    private static final int DAYS_BEFORE = 6;

    private final Statistics statistics;

    StatisticsService(Statistics statistics) {
        this.statistics = statistics;
    }

    @Get("/api/v1/statistics")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("Counts by day and prefix, of the last seven days or those asked for: ?prefix=&from=&to=; as JSON, or"
            + " CSV with Accept: text/csv.")
    public HttpResponse counts(
            RequestHeaders headers,
            @Param("prefix") @Default("") String prefix,
            @Param("from") @Default("") String from,
            @Param("to") @Default("") String to) {
        LocalDate last = to.isEmpty() ? statistics.today() : date("to", to);
        LocalDate first = first(from, last);
        List<DayCounts> days = statistics.between(first, last);
        String wanted = Handle.foldAscii(prefix);
        return headers.get(HttpHeaderNames.ACCEPT, "").contains("text/csv")
                ? HttpResponse.of(HttpStatus.OK, MediaType.CSV_UTF_8, csv(days, wanted))
                : Json.ok(json(days, wanted, first, last));
    }

    @Get("/api/v1/statistics/sources")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description(
            "Requests to the resolver by day and source network (IPv4 /24, IPv6 /48), of each day those with the most"
                    + " requests: ?from=&to=. Numbers are about right.")
    public HttpResponse sources(@Param("from") @Default("") String from, @Param("to") @Default("") String to) {
        LocalDate last = to.isEmpty() ? statistics.today() : date("to", to);
        LocalDate first = first(from, last);
        ObjectNode answer = Json.object().put("from", first.toString()).put("to", last.toString());
        ArrayNode rows = answer.putArray("days");
        statistics
                .sources()
                .between(first, last)
                .forEach(day -> day.rows().entrySet().stream()
                        .sorted(Comparator.comparingLong((Map.Entry<String, long[]> row) -> -row.getValue()[0]))
                        .forEach(row -> rows.addObject()
                                .put("day", day.day().toString())
                                .put("network", row.getKey())
                                .put("requests", row.getValue()[0])));
        return Json.ok(answer);
    }

    private static LocalDate first(String from, LocalDate last) {
        LocalDate first = from.isEmpty() ? last.minusDays(DAYS_BEFORE) : date("from", from);
        if (first.isAfter(last)) {
            throw ApiException.badRequest("bad_range", "from must not be after to but was " + first + " and " + last);
        }
        return first;
    }

    private static LocalDate date(String name, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.badRequest("bad_date", name + " must be a date such as 2026-11-22 but was " + text);
        }
    }

    private interface Row {
        void take(LocalDate day, String prefix, long[] counts);
    }

    private static void forEach(List<DayCounts> days, String wanted, Row row) {
        for (DayCounts day : days) {
            day.rows().forEach((name, counts) -> {
                if (wanted.isEmpty() || name.equals(wanted)) {
                    row.take(day.day(), name, counts);
                }
            });
        }
    }

    private static ObjectNode json(List<DayCounts> days, String wanted, LocalDate from, LocalDate to) {
        ObjectNode answer = Json.object().put("from", from.toString()).put("to", to.toString());
        ArrayNode rows = answer.putArray("days");
        Map<String, long[]> totals = new TreeMap<>();
        forEach(days, wanted, (day, prefix, counts) -> {
            put(rows.addObject().put("day", day.toString()).put("prefix", prefix), counts);
            long[] total = totals.computeIfAbsent(prefix, p -> new long[counts.length]);
            for (int i = 0; i < counts.length; i++) {
                total[i] += counts[i];
            }
        });
        ArrayNode sums = answer.putArray("totals");
        totals.forEach((prefix, counts) -> put(sums.addObject().put("prefix", prefix), counts));
        return answer;
    }

    private static void put(ObjectNode row, long[] counts) {
        long resolutions = 0;
        for (Measure m : Measure.values()) {
            row.put(m.word(), counts[m.column()]);
            resolutions += m.isResolution() ? counts[m.column()] : 0;
        }
        row.put("resolutions", resolutions);
    }

    private static String csv(List<DayCounts> days, String wanted) {
        StringBuilder text = new StringBuilder("day,prefix," + String.join(",", Measure.WORDS) + "\r\n");
        forEach(days, wanted, (day, prefix, counts) -> {
            text.append(day).append(',').append(cell(prefix));
            for (long n : counts) {
                text.append(',').append(n);
            }
            text.append("\r\n");
        });
        return text.toString();
    }

    /** Quoted where CSV asks for it; a spreadsheet must not take a prefix for a formula. */
    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? '\'' + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
