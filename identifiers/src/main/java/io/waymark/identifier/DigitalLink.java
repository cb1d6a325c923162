package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.gs1.ApplicationIdentifier;
import io.waymark.identifier.gs1.CharacterSet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A GS1 Digital Link: a web address that says what a thing is.
 *
 * <pre>
 * https://example.com/some/stem/01/09506000134352/10/LOT7/21/6789?17=271231&amp;linkType=gs1:pip
 * └───────────── stem ────────┘└────────── key ───────────────┘ └attributes┘
 * </pre>
 *
 * @param stem scheme, host and leading path, without slash at the end; empty for a bare path
 * @param key the primary key and its qualifiers in order
 * @param attributes AIs of the query in the order written
 * @param query the query as written, without question mark; empty if there is none
 * @see "GS1 Digital Link Standard: URI Syntax 1.6"
 */
public record DigitalLink(String stem, Gs1Key key, List<Element> attributes, String query) {
    /** The stem of canonical links. */
    public static final String CANONICAL_STEM = "https://id.gs1.org";
    /** The longest link looked at. */
    public static final int MAX_LENGTH = 8192;

    private static final List<String> SCHEMES = List.of("https://", "http://", "HTTPS://", "HTTP://");
    private static final String OTHER_URI_CHARACTERS = "-._~:/?#[]@!$&'()*+,;=%";
    private static final int GTIN_DIGITS = 14;

    /** Copies the list. */
    public DigitalLink {
        attributes = List.copyOf(attributes);
    }

    /**
     * Reads a link of any host. GTIN-8, -12 and -13 are padded to 14 digits, one slash at the end is overlooked, a
     * fragment is dropped. A last path segment {@code eh…} or {@code ex…} is read as a compressed EPC.
     *
     * @throws MalformedIdentifierException if it is no web address, holds no GS1 key, or breaks an AI's format or the
     *     order of qualifiers
     */
    public static DigitalLink parse(String uri) throws MalformedIdentifierException {
        refuseForeignCharacters(uri);
        int host = hostStart(uri);
        int path = firstOf(uri, "/?#", host);
        refuseBadHost(uri.substring(host, path));
        int fragment = uri.indexOf('#', path);
        String pathAndQuery = uri.substring(path, fragment < 0 ? uri.length() : fragment);
        return read(uri.substring(0, path), pathAndQuery);
    }

    /**
     * Reads the target of an HTTP request: path and query, escapes untouched. The stem is then what precedes the key in
     * the path.
     *
     * @throws MalformedIdentifierException as {@link #parse}
     */
    public static DigitalLink parseTarget(String pathAndQuery) throws MalformedIdentifierException {
        refuseForeignCharacters(pathAndQuery);
        return read("", pathAndQuery);
    }

    private static DigitalLink read(String origin, String pathAndQuery) throws MalformedIdentifierException {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        String query = mark < 0 ? "" : pathAndQuery.substring(mark + 1);
        String[] segments = segments(path);
        int keyAt = keyIndex(segments);
        boolean compressed = keyAt < 0 && isCompressed(segments);
        if (keyAt < 0 && !compressed) {
            throw new MalformedIdentifierException("path \"" + path + "\" holds no GS1 key", -1);
        }
        Gs1Key key = compressed ? decompress(segments[segments.length - 1]) : key(segments, keyAt);
        int stemSegments = compressed ? segments.length - 1 : keyAt;
        StringBuilder stem = new StringBuilder(origin);
        for (int i = 0; i < stemSegments; i++) {
            stem.append('/').append(segments[i]);
        }
        return new DigitalLink(stem.toString(), key, attributes(query, key), query);
    }

    private static void refuseForeignCharacters(String uri) throws MalformedIdentifierException {
        if (uri.length() > MAX_LENGTH) {
            throw new MalformedIdentifierException(
                    "link must be at most " + MAX_LENGTH + " characters but was " + uri.length(), MAX_LENGTH);
        }
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            boolean allowed = (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || OTHER_URI_CHARACTERS.indexOf(c) >= 0;
            if (!allowed) {
                throw new MalformedIdentifierException(
                        "link has U+" + Integer.toHexString(c) + " at " + i + ", which must be percent-encoded", i);
            }
        }
    }

    private static int hostStart(String uri) throws MalformedIdentifierException {
        for (String scheme : SCHEMES) {
            if (uri.startsWith(scheme)) {
                return scheme.length();
            }
        }
        throw new MalformedIdentifierException("link must begin with https:// or http:// but was \"" + uri + "\"", 0);
    }

    private static void refuseBadHost(String host) throws MalformedIdentifierException {
        boolean ip6 = host.startsWith("[");
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean allowed = Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == ':';
            if (!allowed && !(ip6 && (c == '[' || c == ']'))) {
                throw new MalformedIdentifierException("host \"" + host + "\" must not have '" + c + "'", -1);
            }
        }
        if (host.isEmpty() || (ip6 && host.indexOf(']') < 0)) {
            throw new MalformedIdentifierException("link has no host", -1);
        }
    }

    private static int firstOf(String text, String characters, int from) {
        for (int i = from; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String[] segments(String path) {
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return path.isEmpty() || end == 0
                ? new String[0]
                : path.substring(1, end).split("/", -1);
    }

    /** Index of the rightmost key with a value behind it, counted in pairs from the end; -1 if there is none. */
    private static int keyIndex(String[] segments) {
        for (int i = segments.length - 2; i >= 0; i -= 2) {
            ApplicationIdentifier ai = ApplicationIdentifier.find(segments[i]);
            if (ai == null) {
                return -1;
            }
            if (ai.isPrimaryKey()) {
                return i;
            }
        }
        return -1;
    }

    private static Gs1Key key(String[] segments, int keyAt) throws MalformedIdentifierException {
        List<Element> elements = new ArrayList<>();
        for (int i = keyAt; i < segments.length; i += 2) {
            elements.add(element(segments[i], PercentCoding.decode(segments[i + 1], false)));
        }
        refuseBadOrder(elements);
        return new Gs1Key(elements);
    }

    private static Element element(String code, String value) throws MalformedIdentifierException {
        ApplicationIdentifier ai = ApplicationIdentifier.find(code);
        if (ai == null) {
            throw new MalformedIdentifierException(code + " is no GS1 application identifier", -1);
        }
        return ElementString.element(ai, padded(code, value), 0);
    }

    private static String padded(String code, String value) {
        boolean gtin = code.equals("01") || code.equals("02");
        boolean shorter = value.length() == 8 || value.length() == 12 || value.length() == 13;
        return gtin && shorter ? "0".repeat(GTIN_DIGITS - value.length()) + value : value;
    }

    private static void refuseBadOrder(List<Element> elements) throws MalformedIdentifierException {
        List<String> codes = elements.stream().map(Element::ai).toList();
        List<List<String>> orders = orders(codes.get(0));
        List<String> qualifiers = codes.subList(1, codes.size());
        if (orders.stream().noneMatch(order -> isSubsequence(qualifiers, order))) {
            throw new MalformedIdentifierException(
                    "AI " + codes.get(0) + " takes qualifiers " + describe(orders) + " but the path has " + qualifiers,
                    -1);
        }
        if (codes.get(0).equals("415") && qualifiers.isEmpty()) {
            throw new MalformedIdentifierException("AI 415 needs its payment reference, AI 8020", -1);
        }
    }

    private static List<List<String>> orders(String code) {
        ApplicationIdentifier ai = ApplicationIdentifier.find(code);
        List<List<String>> orders = ai == null ? null : ai.qualifierOrders();
        return orders == null ? List.of() : orders;
    }

    private static String describe(List<List<String>> orders) {
        return orders.stream().map(List::toString).collect(Collectors.joining(" or "));
    }

    private static boolean isSubsequence(List<String> some, List<String> all) {
        int at = 0;
        for (String wanted : some) {
            int found = all.subList(at, all.size()).indexOf(wanted);
            if (found < 0) {
                return false;
            }
            at += found + 1;
        }
        return true;
    }

    private static List<Element> attributes(String query, Gs1Key key) throws MalformedIdentifierException {
        List<Element> attributes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        key.elements().forEach(e -> seen.add(e.ai()));
        for (String parameter : query.replace(';', '&').split("&")) {
            int equals = parameter.indexOf('=');
            if (equals <= 0 || !isNumber(parameter, equals)) {
                continue;
            }
            Element attribute = element(
                    parameter.substring(0, equals), PercentCoding.decode(parameter.substring(equals + 1), true));
            refuseMisplaced(attribute, key, seen.add(attribute.ai()));
            attributes.add(attribute);
        }
        return attributes;
    }

    private static boolean isNumber(String text, int to) {
        return CharacterSet.N.firstForeign(text, 0, to) < 0;
    }

    private static void refuseMisplaced(Element attribute, Gs1Key key, boolean first)
            throws MalformedIdentifierException {
        ApplicationIdentifier primary = ApplicationIdentifier.find(key.primary().ai());
        ApplicationIdentifier ai = ApplicationIdentifier.find(attribute.ai());
        if (ai == null || !ai.linkAttribute()) {
            throw new MalformedIdentifierException(ai + " must not stand in the query of a Digital Link", -1);
        }
        if (primary != null && primary.isQualifiedBy(attribute.ai())) {
            throw new MalformedIdentifierException(ai + " qualifies " + primary + " and must stand in the path", -1);
        }
        if (!first) {
            throw new MalformedIdentifierException(ai + " comes twice", -1);
        }
    }

    /** Whether a path has a key with a check digit and as many digits behind it: somebody meant it to be a link. */
    static boolean looksLikeOne(String uri) {
        int end = firstOf(uri, "?#", 0);
        String[] segments = uri.substring(0, end).split("/", -1);
        for (int i = 0; i + 1 < segments.length; i++) {
            ApplicationIdentifier ai = ApplicationIdentifier.find(segments[i]);
            if (ai != null && ai.isPrimaryKey() && ai.hasCheckDigit() && hasLengthOf(ai, segments[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLengthOf(ApplicationIdentifier ai, String value) {
        return isNumber(value) && padded(ai.code(), value).length() >= ai.minLength();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && isNumber(text, text.length());
    }

    /** {@code eh} and lower-case hex, or {@code ex} and base64url. */
    private static boolean isCompressed(String[] segments) {
        String last = segments.length == 0 ? "" : segments[segments.length - 1];
        return last.length() > 12 && (last.startsWith("eh") || last.startsWith("ex")) && compressedEpc(last) != null;
    }

    private static byte @Nullable [] compressedEpc(String segment) {
        String digits = segment.substring(2);
        if (segment.startsWith("eh")) {
            return PercentCoding.octets(digits);
        }
        try {
            return Base64.getUrlDecoder().decode(digits);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Gs1Key decompress(String segment) throws MalformedIdentifierException {
        byte[] epc = compressedEpc(segment);
        EpcTag tag = epc == null ? null : EpcBinary.decode(epc);
        if (tag != null && tag.identifier() instanceof Gs1Key key) {
            return key;
        }
        throw new MalformedIdentifierException("path segment \"" + segment + "\" holds no EPC of a GS1 key", -1);
    }

    /**
     * Makes a link of an element string: its first key and qualifiers in the path, everything else in the query, AIs of
     * fixed length first.
     *
     * @param stem scheme, host and leading path, without slash at the end
     * @throws MalformedIdentifierException if there is no key, or an AI that may not stand in a link
     */
    public static DigitalLink of(ElementString scan, String stem) throws MalformedIdentifierException {
        Gs1Key key = scan.key().orElseThrow(() -> new MalformedIdentifierException("element string holds no key", -1));
        List<Element> rest = scan.elements().stream()
                .filter(e -> !key.elements().contains(e))
                .distinct()
                .toList();
        List<Element> attributes = Stream.concat(
                        rest.stream().filter(DigitalLink::hasFixedLength),
                        rest.stream().filter(e -> !hasFixedLength(e)))
                .toList();
        for (Element attribute : attributes) {
            refuseMisplaced(attribute, key, true);
        }
        return new DigitalLink(stem, key, attributes, queryOf(attributes));
    }

    private static boolean hasFixedLength(Element e) {
        ApplicationIdentifier ai = ApplicationIdentifier.find(e.ai());
        return ai != null && ai.fixedLength();
    }

    /** Everything the link says, path first. */
    public ElementString elements() {
        return new ElementString(
                Stream.concat(key.elements().stream(), attributes.stream()).toList());
    }

    /** The link at its own stem, without parameters that are no AIs. */
    public String uri() {
        return uri(stem, attributes);
    }

    /** The link at {@value #CANONICAL_STEM}, attributes in the order of their AIs. Keeps all qualifiers. */
    public String canonical() {
        return uri(
                CANONICAL_STEM,
                attributes.stream().sorted(Comparator.comparing(Element::ai)).toList());
    }

    private String uri(String atStem, List<Element> ordered) {
        StringBuilder uri = new StringBuilder(atStem);
        key.elements().forEach(e -> appendPathElement(uri, e));
        if (!ordered.isEmpty()) {
            uri.append('?').append(queryOf(ordered));
        }
        return uri.toString();
    }

    private static String queryOf(List<Element> attributes) {
        StringBuilder query = new StringBuilder();
        for (Element e : attributes) {
            query.append(query.length() == 0 ? "" : "&").append(e.ai()).append('=');
            PercentCoding.append(query, e.value());
        }
        return query.toString();
    }

    static void appendPathElement(StringBuilder uri, Element e) {
        uri.append('/').append(e.ai()).append('/');
        PercentCoding.append(uri, e.value());
    }
}
