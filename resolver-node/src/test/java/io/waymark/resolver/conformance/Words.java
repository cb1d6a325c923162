package io.waymark.resolver.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The protocol's numbers by the names the scenarios use. */
final class Words {
    static final Map<String, Integer> OPERATIONS = Map.ofEntries(
            Map.entry("RESOLUTION", 1),
            Map.entry("GET_SITE_INFO", 2),
            Map.entry("CREATE_HANDLE", 100),
            Map.entry("DELETE_HANDLE", 101),
            Map.entry("ADD_VALUE", 102),
            Map.entry("REMOVE_VALUE", 103),
            Map.entry("MODIFY_VALUE", 104),
            Map.entry("LIST_HANDLES", 105),
            Map.entry("RESPONSE_TO_CHALLENGE", 200),
            Map.entry("VERIFY_CHALLENGE", 201),
            Map.entry("HOME_NA", 300),
            Map.entry("UNHOME_NA", 301),
            Map.entry("LIST_HOMED_NAS", 302),
            Map.entry("SESSION_SETUP", 400),
            Map.entry("SESSION_TERMINATE", 401),
            Map.entry("SESSION_EXCHANGEKEY", 402),
            Map.entry("LOGIN", 2001));

    static final Map<String, Integer> FLAGS = Map.ofEntries(
            Map.entry("AUTH", 0x8000_0000),
            Map.entry("CERT", 0x4000_0000),
            Map.entry("ENCR", 0x2000_0000),
            Map.entry("RECU", 0x1000_0000),
            Map.entry("CACR", 0x0800_0000),
            Map.entry("CONT", 0x0400_0000),
            Map.entry("KPAL", 0x0200_0000),
            Map.entry("PUBL", 0x0100_0000),
            Map.entry("RRDG", 0x0080_0000),
            Map.entry("OVRW", 0x0040_0000),
            Map.entry("MINT", 0x0020_0000),
            Map.entry("DNRF", 0x0010_0000));

    private Words() {}

    static int operation(JsonNode node) {
        return number(OPERATIONS, node);
    }

    static int flags(JsonNode list) {
        int bits = 0;
        for (JsonNode name : list) {
            bits |= number(FLAGS, name);
        }
        return bits;
    }

    private static int number(Map<String, Integer> names, JsonNode node) {
        if (node.isNumber()) {
            return (int) node.asLong();
        }
        Integer number = names.get(node.asText());
        if (number == null) {
            throw new AssertionError("the scenario says " + node + ", which is none of " + names.keySet());
        }
        return number;
    }

    static List<String> namesOf(int flags) {
        List<String> names = new ArrayList<>();
        FLAGS.forEach((name, bit) -> {
            if ((flags & bit) != 0) {
                names.add(name);
            }
        });
        return names;
    }

    /** {@code 2.11} as 0x020b. YAML must quote it, or 2.10 becomes 2.1. */
    static int version(String text) {
        int dot = text.indexOf('.');
        return Integer.parseInt(text.substring(0, dot)) << 8 | Integer.parseInt(text.substring(dot + 1));
    }

    static String version(int number) {
        return (number >> 8) + "." + (number & 0xff);
    }
}
