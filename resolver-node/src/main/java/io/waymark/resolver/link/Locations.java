package io.waymark.resolver.link;

import io.waymark.identifier.handle.MalformedRecordException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The data of a value of type {@value #TYPE}: places a browser may be sent to, and how to choose among them.
 *
 * <pre>
 * &lt;locations chooseby="locatt,country,language,weighted"&gt;
 *   &lt;location id="0" href="https://eu.example/" country="gb" weight="0"/&gt;
 *   &lt;location id="1" href="https://a.example/" weight="1"/&gt;
 *   &lt;location id="2" href="https://b.example/" weight="2"/&gt;
 * &lt;/locations&gt;
 * </pre>
 *
 * <p>Each way of choosing keeps the places that fit, or if none does, those that say nothing of it, or if there are none
 * either, all. {@code weighted} draws lots; a place of weight 0 is drawn only if all others are, too.
 *
 * @param chooseBy the ways, in order
 * @param places those a redirect may lead to
 * @see "Handle type 10320/loc"
 */
public record Locations(List<String> chooseBy, List<Place> places) {
    /** The value's type. */
    public static final String TYPE = "10320/loc";

    private static final int MAX_BYTES = 65_536;
    private static final int MAX_PLACES = 200;
    private static final int MAX_DEPTH = 4;
    private static final List<String> USUAL = List.of("locatt", "country", "weighted");
    private static final XMLInputFactory XML = parser();

    /**
     * One place.
     *
     * @param href where it is
     * @param weight of its lot, not negative
     * @param attributes names in lower case, {@code href} and {@code weight} too
     */
    public record Place(String href, double weight, Map<String, String> attributes) {
        /** Copies the attributes. */
        public Place {
            attributes = Map.copyOf(attributes);
        }

        private boolean says(String name, String value) {
            return value.equalsIgnoreCase(attributes.getOrDefault(name, ""));
        }
    }

    /**
     * What in a request tells places apart.
     *
     * @param attributes asked for, as {@code name:value}
     * @param countries where the reader may be, two letters each
     * @param languages empty if the client does not say
     */
    public record Asked(List<String> attributes, List<String> countries, Preferences languages) {
        /** Copies the lists. */
        public Asked {
            attributes = List.copyOf(attributes);
            countries = List.copyOf(countries);
        }

        /** The countries are those of the languages' regions: {@code zh-CN} is read in China. */
        public static Asked of(List<String> attributes, String acceptLanguage) {
            Preferences languages = Preferences.parse(acceptLanguage);
            List<String> countries = languages.ranges().stream()
                    .map(r -> r.name().substring(r.name().lastIndexOf('-') + 1))
                    .filter(region -> region.length() == 2)
                    .toList();
            return new Asked(attributes, countries, languages);
        }
    }

    /** Copies the lists. */
    public Locations {
        chooseBy = List.copyOf(chooseBy);
        places = List.copyOf(places);
    }

    private static XMLInputFactory parser() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /**
     * Reads the data. Places a redirect may not lead to are left out.
     *
     * @throws MalformedRecordException if it is no XML of this form
     */
    public static Locations decode(byte[] data) throws MalformedRecordException {
        if (data.length > MAX_BYTES) {
            throw new MalformedRecordException(
                    "places must be at most " + MAX_BYTES + " bytes but were " + data.length);
        }
        try {
            return read(XML.createXMLStreamReader(new ByteArrayInputStream(data)));
        } catch (XMLStreamException | RuntimeException e) {
            // the platform's reader answers some broken documents with unchecked exceptions
            throw new MalformedRecordException("places are no XML: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static Locations read(XMLStreamReader xml) throws XMLStreamException, MalformedRecordException {
        List<String> chooseBy = USUAL;
        List<Place> places = new ArrayList<>();
        int depth = 0;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamReader.START_ELEMENT) {
                depth = deeper(depth);
                String named = xml.getAttributeValue(null, "chooseby");
                if (xml.getLocalName().equals("locations") && named != null) {
                    // no pattern with blanks around the comma: many blanks would take it quadratic time
                    chooseBy = Stream.of(named.toLowerCase(Locale.ROOT).split(","))
                            .map(String::trim)
                            .toList();
                }
                if (xml.getLocalName().equals("location")) {
                    place(xml).ifPresent(places::add);
                }
            } else if (event == XMLStreamReader.END_ELEMENT) {
                depth--;
            }
            if (places.size() > MAX_PLACES) {
                throw new MalformedRecordException("there must be at most " + MAX_PLACES + " places");
            }
        }
        return new Locations(chooseBy, places);
    }

    private static int deeper(int depth) throws MalformedRecordException {
        if (depth == MAX_DEPTH) {
            throw new MalformedRecordException("elements must be at most " + MAX_DEPTH + " deep");
        }
        return depth + 1;
    }

    private static Optional<Place> place(XMLStreamReader xml) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            attributes.put(xml.getAttributeLocalName(i).toLowerCase(Locale.ROOT), xml.getAttributeValue(i));
        }
        String href = attributes.getOrDefault("href", "").trim();
        return WebAddress.isWeb(href)
                ? Optional.of(new Place(href, weight(attributes.getOrDefault("weight", "1")), attributes))
                : Optional.empty();
    }

    private static double weight(String text) {
        try {
            double weight = Double.parseDouble(text.trim());
            return weight > 0 && weight < 1e9 ? weight : 0;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /**
     * Chooses.
     *
     * @param lot from 0 to below 1
     * @return empty if there are no places
     */
    public Optional<Place> choose(Asked asked, double lot) {
        List<Place> left = places;
        for (String way : chooseBy) {
            left = switch (way) {
                case "locatt" -> fitting(left, p -> asked.attributes().stream().anyMatch(a -> fits(p, a)), p -> true);
                case "country" -> fitting(left, p -> isIn(p, asked.countries()), p -> isSilent(p, "country"));
                case "language" -> byLanguage(left, asked.languages());
                case "weighted" -> drawn(left, lot).map(List::of).orElse(left);
                default -> left;
            };
        }
        return left.stream().findFirst();
    }

    private static List<Place> fitting(List<Place> places, Predicate<Place> fits, Predicate<Place> isSilent) {
        List<Place> good = places.stream().filter(fits).toList();
        List<Place> silent = good.isEmpty() ? places.stream().filter(isSilent).toList() : good;
        return silent.isEmpty() ? places : silent;
    }

    private static boolean fits(Place place, String attribute) {
        int colon = attribute.indexOf(':');
        return colon > 0
                && place.says(attribute.substring(0, colon).toLowerCase(Locale.ROOT), attribute.substring(colon + 1));
    }

    private static boolean isIn(Place place, List<String> countries) {
        return countries.stream().anyMatch(c -> place.says("country", c));
    }

    private static boolean isSilent(Place place, String name) {
        return !place.attributes().containsKey(name);
    }

    private static List<Place> byLanguage(List<Place> places, Preferences languages) {
        for (Preferences.Range range : languages.ranges()) {
            List<Place> spoken = places.stream()
                    .filter(p -> range.weight() > 0 && speaks(p, range.name()))
                    .toList();
            if (!spoken.isEmpty()) {
                return spoken;
            }
        }
        return fitting(places, p -> false, p -> isSilent(p, "language"));
    }

    private static boolean speaks(Place place, String range) {
        int dash = range.indexOf('-');
        return place.says("language", range) || (dash > 0 && place.says("language", range.substring(0, dash)));
    }

    private static Optional<Place> drawn(List<Place> places, double lot) {
        double left = lot * places.stream().mapToDouble(Place::weight).sum();
        for (Place place : places) {
            left -= place.weight();
            if (left < 0) {
                return Optional.of(place);
            }
        }
        return places.stream().findFirst(); // all weigh nothing
    }
}
