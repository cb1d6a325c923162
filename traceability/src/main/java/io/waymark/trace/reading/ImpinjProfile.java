package io.waymark.trace.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Impinj R700 events. Only {@code tagInventory} holds a reading; the others are counted by name. Every field is optional on
 * the reader's side, so each is taken where it stands.
 *
 * @see "Impinj IoT device interface 1.7, TagInventoryEvent"
 */
final class ImpinjProfile {
    private static final String TAG_INVENTORY = "tagInventory";
    private static final int EPC_BYTES_MAX = 62; // 496 bits, the most a tag's EPC bank can say

    private static final Set<String> OTHERS = Set.of(
            "antennaConnected",
            "antennaDisconnected",
            "inventoryStatus",
            "inventoryTerminated",
            "antennaActivation",
            "overflow",
            "diagnostic",
            "gpiTransition",
            "tagLocationEntry",
            "tagLocationUpdate",
            "tagLocationExit");

    private ImpinjProfile() {}

    static boolean recognises(JsonNode object) {
        return object.path("eventType").isTextual()
                || object.path("tagInventoryEvent").isObject();
    }

    static void decode(JsonNode object, Message message, ProfileOptions options, Decoding.Builder out)
            throws UndecodableException {
        String type = object.path("eventType").asText(TAG_INVENTORY);
        if (!type.equals(TAG_INVENTORY)) {
            out.skip(OTHERS.contains(type) ? type : "otherReaderEvent");
            return;
        }
        out.add(Profile.IMPINJ, tagRead(object, message, options));
    }

    private static Reading tagRead(JsonNode object, Message message, ProfileOptions options)
            throws UndecodableException {
        JsonNode event = object.path("tagInventoryEvent");
        JsonNode seen = event.path("lastSeenTime");
        return new Reading.TagRead(
                epc(event),
                Timestamps.when(seen.isMissingNode() ? object.get("timestamp") : seen, options, message.receivedAt()),
                integer(event.get("antennaPort")),
                centi(event.get("peakRssiCdbm")),
                null);
    }

    private static String epc(JsonNode event) throws UndecodableException {
        String hex = event.path("epcHex").asText("");
        if (!hex.isEmpty()) {
            return checkedHex(hex);
        }
        String base64 = event.path("epc").asText("");
        if (base64.isEmpty()) {
            throw new UndecodableException(
                    Reason.MISSING_CODE,
                    "tagInventoryEvent has neither epcHex nor epc; enable one in the reader's preset");
        }
        return checkedHex(HexFormat.of().withUpperCase().formatHex(base64(base64)));
    }

    /** Readers write base64url; older firmware the plain alphabet. Neither overlaps the other's extra letters. */
    private static byte[] base64(String text) throws UndecodableException {
        try {
            return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            throw new UndecodableException(Reason.BAD_ENCODING, "epc \"" + text + "\" is not base64url");
        }
    }

    static String checkedHex(String hex) throws UndecodableException {
        String upper = hex.toUpperCase(Locale.ROOT);
        boolean digits = upper.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
        if (!digits || upper.length() % 2 != 0) {
            throw new UndecodableException(
                    Reason.BAD_ENCODING, "epcHex \"" + hex + "\" is not pairs of hexadecimal digits");
        }
        if (upper.length() > 2 * EPC_BYTES_MAX) {
            throw new UndecodableException(
                    Reason.TOO_LARGE, "EPC must be at most " + EPC_BYTES_MAX + " octets but was " + upper.length() / 2);
        }
        return upper;
    }

    private static @Nullable Integer integer(@Nullable JsonNode node) {
        return node != null && node.canConvertToInt() ? node.intValue() : null;
    }

    private static @Nullable Double centi(@Nullable JsonNode node) {
        return node != null && node.isNumber() ? node.doubleValue() / 100 : null;
    }
}
