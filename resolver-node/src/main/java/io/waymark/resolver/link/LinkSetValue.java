package io.waymark.resolver.link;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waymark.identifier.handle.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The data of a value of type {@value #TYPE}: links with their attributes, as JSON.
 *
 * <pre>
 * {"itemDescription": "Rougui rock tea, 100 g",
 *  "gs1:defaultLink": [{"href": "https://tea.example/rougui", "title": "Rougui"}],
 *  "gs1:pip": [{"href": "https://tea.example/en", "title": "The tea", "hreflang": ["en"], "type": "text/html",
 *               "context": ["GB"]}]}
 * </pre>
 *
 * It is what a linkset says of one anchor, which may be there and is not read: the record tells what the links are about.
 *
 * @see "RFC 9264 §4.2 JSON Document Format"
 */
public final class LinkSetValue {
    /** The value's type. */
    public static final String TYPE = "LINKSET";
    /** The longest data, in bytes. */
    public static final int MAX_BYTES = 65_536;
    /** Most links of one value. */
    public static final int MAX_LINKS = 500;

    private static final int MAX_TEXT = 1000;
    private static final int MAX_LIST = 50;
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,64}/[A-Za-z0-9!#$&^_.+-]{1,64}");
    private static final Pattern CONTEXT = Pattern.compile("[^\\p{Cntrl}]{1,64}");
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /**
     * What a value says.
     *
     * @param description of the item; empty if not told
     * @param links in the order written
     */
    public record Content(String description, List<Link> links) {
        /** Copies the list. */
        public Content {
            links = List.copyOf(links);
        }
    }

    private LinkSetValue() {}

    /**
     * Reads the data.
     *
     * @throws MalformedRecordException naming the place, as in {@code gs1:pip[1].href must be …}
     */
    public static Content decode(byte[] data) throws MalformedRecordException {
        if (data.length > MAX_BYTES) {
            throw new MalformedRecordException("links must be at most " + MAX_BYTES + " bytes but were " + data.length);
        }
        JsonNode root = parse(data);
        String description = "";
        List<Link> links = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : root.properties()) {
            switch (member.getKey()) {
                case "anchor" -> {}
                case "itemDescription", "description" ->
                    description = text(member.getKey(), member.getValue(), MAX_TEXT);
                default -> addLinks(member.getKey(), member.getValue(), links);
            }
        }
        refuseTwoDefaults(links);
        return new Content(description, links);
    }

    private static JsonNode parse(byte[] data) throws MalformedRecordException {
        try {
            JsonNode root = JSON.readTree(data);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            throw new MalformedRecordException("links are no JSON: " + firstLine(String.valueOf(e.getMessage())));
        }
        throw new MalformedRecordException("links must be a JSON object");
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static void addLinks(String type, JsonNode list, List<Link> links) throws MalformedRecordException {
        String relation = LinkTypes.expand(type)
                .orElseThrow(() -> new MalformedRecordException("\"" + shown(type)
                        + "\" is no link type: it must be gs1:…, a word of small letters, or a web address"));
        if (!list.isArray()) {
            throw new MalformedRecordException(type + " must be an array of links");
        }
        for (int i = 0; i < list.size(); i++) {
            if (links.size() == MAX_LINKS) {
                throw new MalformedRecordException("a value must have at most " + MAX_LINKS + " links");
            }
            links.add(link(relation, type + '[' + i + ']', list.get(i)));
        }
    }

    private static Link link(String relation, String place, JsonNode json) throws MalformedRecordException {
        String href = text(place + ".href", json.path("href"), WebAddress.MAX_LENGTH);
        if (!WebAddress.isWeb(href)) {
            throw new MalformedRecordException(
                    place + ".href must be an http or https address but was \"" + shown(href) + '"');
        }
        String title = text(place + ".title", json.path("title"), MAX_TEXT);
        String mediaType =
                json.has("type") ? matching(place + ".type", json.path("type"), MEDIA_TYPE, "a media type") : "";
        return new Link(
                relation,
                href,
                title,
                list(place + ".hreflang", json.path("hreflang"), LANGUAGE, "a language tag"),
                mediaType,
                list(place + ".context", json.path("context"), CONTEXT, "a word of 1..64 characters"));
    }

    /** One text stands for a list of one. */
    private static List<String> list(String place, JsonNode json, Pattern pattern, String what)
            throws MalformedRecordException {
        if (json.isMissingNode()) {
            return List.of();
        }
        if (json.isTextual()) {
            return List.of(matching(place, json, pattern, what));
        }
        if (!json.isArray() || json.size() > MAX_LIST) {
            throw new MalformedRecordException(place + " must be an array of at most " + MAX_LIST);
        }
        List<String> texts = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            texts.add(matching(place + '[' + i + ']', json.get(i), pattern, what));
        }
        return texts;
    }

    private static String matching(String place, JsonNode json, Pattern pattern, String what)
            throws MalformedRecordException {
        String text = text(place, json, MAX_TEXT);
        if (!pattern.matcher(text).matches()) {
            throw new MalformedRecordException(place + " must be " + what + " but was \"" + shown(text) + '"');
        }
        return text;
    }

    private static String text(String place, JsonNode json, int max) throws MalformedRecordException {
        if (!json.isTextual() || json.textValue().isBlank() || json.textValue().length() > max) {
            throw new MalformedRecordException(place + " must be a string of 1.." + max + " characters");
        }
        return json.textValue();
    }

    private static void refuseTwoDefaults(List<Link> links) throws MalformedRecordException {
        long defaults = links.stream()
                .filter(l -> l.relation().equals(LinkTypes.DEFAULT))
                .count();
        if (defaults > 1) {
            throw new MalformedRecordException("gs1:defaultLink must have one link but had " + defaults
                    + "; further ones are of type gs1:defaultLinkMulti");
        }
    }

    /** Without what would break a line of a log. */
    private static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 60 ? printable : printable.substring(0, 60) + '…';
    }
}
