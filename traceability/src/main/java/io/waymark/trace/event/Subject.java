package io.waymark.trace.event;

import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Identifier;
import io.waymark.identifier.OtherCode;
import io.waymark.identifier.Scheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an event is about: one thing, a lot or a class. A scan that says more than identity needs is cut to the finest
 * level: {@code (01)…(10)…(21)…} is the instance {@code 01/21}, and its lot is kept beside it.
 *
 * @param canonical the identity used as key, {@link Identifier#canonical()} of the cut identifier
 * @param uri the identity as events write it
 * @param level one thing, a lot or a class
 * @param parent canonical identity of the lot of an instance, or of the class of a lot, as far as the code itself said it
 * @see "CBV 2.0 §8.9: constrained canonical GS1 Digital Link"
 */
public record Subject(
        String canonical, String uri, Level level, @Nullable String parent) {
    private static final String OWN = "urn:waymark:";
    private static final String HANDLE = "hdl:";
    private static final String OID = "urn:oid:";
    private static final String RAW_EPC = "urn:epc:raw:";
    private static final String GS1 = "https://id.gs1.org/";

    /** How fine an identity is. */
    public enum Level {
        /** One thing: goes into {@code epcList}. */
        INSTANCE,
        /** A batch or lot: goes into {@code quantityList}. */
        LOT,
        /** A kind of thing: goes into {@code quantityList}. */
        CLASS
    }

    /** The subject an identifier denotes. */
    public static Subject of(Identifier identifier) {
        if (identifier instanceof Gs1Key key) {
            return ofKey(key);
        }
        String canonical = identifier.canonical();
        return new Subject(canonical, uri(identifier), Level.INSTANCE, null);
    }

    private static Subject ofKey(Gs1Key key) {
        return switch (key.primary().ai()) {
            case "01" -> qualified(key, "21", "235");
            case "8006" -> qualified(key, "21");
            case "8010" -> cut(key, has(key, "8011") ? Level.INSTANCE : Level.CLASS, "8011");
            case "414" -> cut(key, Level.INSTANCE, "254");
            case "8003" -> cut(key, longerThan(key, 14));
            case "253", "255" -> cut(key, longerThan(key, 13));
            default -> cut(key, Level.INSTANCE);
        };
    }

    /** Trade items: serial beats lot beats class. */
    private static Subject qualified(Gs1Key key, String... serialAis) {
        for (String ai : serialAis) {
            if (has(key, ai)) {
                String lot = has(key, "10") ? keep(key, "10").canonical() : null;
                String canonical = keep(key, ai).canonical();
                return new Subject(canonical, canonical, Level.INSTANCE, lot);
            }
        }
        if (has(key, "10")) {
            String canonical = keep(key, "10").canonical();
            return new Subject(canonical, canonical, Level.LOT, keep(key).canonical());
        }
        return cut(key, Level.CLASS);
    }

    private static Subject cut(Gs1Key key, Level level, String... ais) {
        String canonical = keep(key, ais).canonical();
        return new Subject(canonical, canonical, level, null);
    }

    private static Gs1Key keep(Gs1Key key, String... ais) {
        List<Element> kept = new ArrayList<>();
        kept.add(key.primary());
        Map<String, Element> byAi = key.elements().stream().collect(Collectors.toMap(Element::ai, e -> e, (a, b) -> a));
        for (String ai : ais) {
            Element element = byAi.get(ai);
            if (element != null) {
                kept.add(element);
            }
        }
        return new Gs1Key(kept);
    }

    private static boolean has(Gs1Key key, String ai) {
        return key.elements().stream().anyMatch(e -> e.ai().equals(ai));
    }

    private static Level longerThan(Gs1Key key, int length) {
        return key.primary().value().length() > length ? Level.INSTANCE : Level.CLASS;
    }

    private static String uri(Identifier identifier) {
        if (identifier instanceof Handle handle) {
            return HANDLE + UriText.encode(handle.canonical(), "/:@!$&'()*+,;=");
        }
        OtherCode code = (OtherCode) identifier;
        if (code.scheme() == Scheme.URL && Vocabulary.isUri(code.value())) {
            return code.value();
        }
        return switch (code.scheme()) {
            case OID -> OID + code.value();
            case RAW_EPC -> RAW_EPC + code.value();
            case HANDLE, GS1, VIN, MA, DRUG_CODE, URL ->
                OWN + code.scheme().name().toLowerCase(Locale.ROOT) + ':' + UriText.encode(code.value(), "");
        };
    }

    /**
     * The canonical identity behind a URI that {@link #of} wrote for anything but a GS1 key; null for other URIs.
     *
     * @param uri an entry of {@code epcList} or {@code quantityList}
     */
    public static @Nullable String canonicalOf(String uri) {
        if (uri.startsWith(HANDLE)) {
            return Handle.foldAscii(UriText.decode(uri.substring(HANDLE.length())));
        }
        if (uri.startsWith(OID)) {
            return "oid:" + uri.substring(OID.length());
        }
        return uri.startsWith(OWN) ? UriText.decode(uri.substring(OWN.length())) : null;
    }

    /** The class of a lot, {@code …/01/gtin/10/lot} → {@code …/01/gtin}; null for everything else. */
    public static @Nullable String classOfLot(String canonical) {
        int lot = canonical.indexOf("/10/");
        boolean isLot = lot > 0 && canonical.startsWith(GS1) && canonical.indexOf('/', lot + 4) < 0;
        return isLot ? canonical.substring(0, lot) : null;
    }
}
