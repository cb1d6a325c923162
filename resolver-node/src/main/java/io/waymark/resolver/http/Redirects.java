package io.waymark.resolver.http;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.link.Locations;
import io.waymark.resolver.link.WebAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * Where a record sends a browser: to a place of its {@code 10320/loc} value, else to its {@code URL} with the lowest index.
 * Safe for any thread.
 */
public final class Redirects {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    private static final int MAX_LIFE_SECONDS = 172_800;
    private static final int FOUND = 302;
    private static final Set<String> STATUSES = Set.of("301", "302", "303", "307", "308");
    private static final String LOCATIONS = Handle.foldAscii(Locations.TYPE);

    private final Clock clock;
    private final DoubleSupplier lots;

    private record Target(HandleValue value, String address, int status) {}

    /**
     * @param clock tells until when a redirect may be cached
     * @param lots from 0 to below 1, for places chosen by weight
     */
    public Redirects(Clock clock, DoubleSupplier lots) {
        this.clock = clock;
        this.lots = lots;
    }

    /** The redirect; empty if the values lead nowhere a browser may be sent. */
    Optional<WebAnswer> answer(WebRequest request, QueryString query, List<HandleValue> values) {
        return place(request, query, values).or(() -> url(values)).map(t -> answer(t, query));
    }

    /** Every address the values may lead to. */
    static List<String> addresses(List<HandleValue> values) {
        List<String> places = typed(values, LOCATIONS)
                .flatMap(v -> places(v).stream())
                .map(Locations.Place::href)
                .distinct()
                .toList();
        return places.isEmpty() ? url(values).map(Target::address).stream().toList() : places;
    }

    private static List<Locations.Place> places(HandleValue value) {
        try {
            return Locations.decode(value.data()).places();
        } catch (MalformedRecordException e) {
            return List.of(); // registered before this node checked it
        }
    }

    private Optional<Target> place(WebRequest request, QueryString query, List<HandleValue> values) {
        Locations.Asked asked = Locations.Asked.of(query.all("locatt"), request.header("accept-language"));
        return typed(values, LOCATIONS).flatMap(v -> chosen(v, asked).stream()).findFirst();
    }

    private Optional<Target> chosen(HandleValue value, Locations.Asked asked) {
        try {
            return Locations.decode(value.data())
                    .choose(asked, lots.getAsDouble())
                    .map(place -> new Target(value, place.href(), status(place)));
        } catch (MalformedRecordException e) {
            return Optional.empty(); // registered before this node checked it
        }
    }

    private static int status(Locations.Place place) {
        String asked = place.attributes().getOrDefault("http_sc", "");
        return STATUSES.contains(asked) ? Integer.parseInt(asked) : FOUND;
    }

    private static Optional<Target> url(List<HandleValue> values) {
        return typed(values, "URL")
                .filter(v -> WebAddress.isWeb(v.dataText()))
                .findFirst()
                .map(v -> new Target(v, v.dataText(), FOUND));
    }

    private static Stream<HandleValue> typed(List<HandleValue> values, String type) {
        return values.stream()
                .filter(v -> Handle.foldAscii(v.type()).equals(type))
                .sorted(Comparator.comparingInt(HandleValue::index));
    }

    private WebAnswer answer(Target target, QueryString query) {
        String appended = appended(target.address(), query.first("urlappend").orElse(""));
        return WebAnswer.redirect(target.status(), WebAddress.forHeader(appended))
                .withHeader("expires", HTTP_DATE.format(expiry(target.value())))
                .forAnyOrigin();
    }

    /** What is appended must not change the host: {@code https://plant.example} and {@code .evil.example} make another. */
    private static String appended(String address, String end) {
        boolean hostOnly = address.indexOf('/', address.indexOf("://") + 3) < 0;
        boolean safe = !hostOnly || end.isEmpty() || "/?#".indexOf(end.charAt(0)) >= 0;
        return safe && WebAddress.isWeb(address + end) ? address + end : address;
    }

    private Instant expiry(HandleValue value) {
        Instant now = clock.instant();
        Instant latest = now.plusSeconds(MAX_LIFE_SECONDS);
        Instant end = value.ttl().absolute()
                ? Instant.ofEpochSecond(value.ttl().seconds())
                : now.plusSeconds(value.ttl().seconds());
        return end.isBefore(latest) ? end : latest;
    }
}
