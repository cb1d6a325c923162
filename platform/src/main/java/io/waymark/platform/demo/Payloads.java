package io.waymark.platform.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** What the devices of the story say, in the shapes real ones use. Numbers make equal readings distinct messages. */
final class Payloads {
    private Payloads() {}

    /** A room sensor of the tea factory: flat JSON with the lot it watches. */
    static byte[] climate(Tea tea, Instant now, int number, double temperature, double humidity) {
        return Json.bytes(Json.object()
                .put("gtin", Tea.GTIN)
                .put("lot", tea.lot())
                .put("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("temperature", temperature)
                .put("humidity", humidity)
                .put("n", number));
    }

    /** An RFID reader's report of one tag: the Impinj IoT device interface, MQTT output. */
    static byte[] tagInventory(String hostname, String epcHex, Instant now, int antenna, int rssiCdbm, int number) {
        ObjectNode event = Json.object()
                .put("timestamp", now.toString())
                .put("hostname", hostname)
                .put("eventType", "tagInventory");
        event.putObject("tagInventoryEvent")
                .put("epcHex", epcHex)
                .put("antennaPort", antenna)
                .put("peakRssiCdbm", rssiCdbm)
                .put("frequency", 920_625)
                .put("lastSeenTime", now.toString())
                .put("phaseAngle", number % 360);
        return Json.bytes(event);
    }

    /** The hand scanner of the packing line: the DataMatrix it read. */
    static byte[] scan(Tea.Tin tin, Instant now, int number) {
        return Json.bytes(Json.object()
                .put("code", "]d201" + Tea.GTIN + "21" + tin.serial())
                .put("time", now.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("n", number));
    }

    /** A smart POS terminal: flat JSON, the scanned text in base64, the amount in yuan. */
    static byte[] sale(String terminal, String text, Instant now, String amount) {
        return Json.bytes(Json.object()
                .put("cmd", "scan")
                .put("sn", terminal)
                .put("msgid", terminal + "-" + now.toEpochMilli())
                .put("data", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .put("amount", amount)
                .put("time", now.truncatedTo(ChronoUnit.MILLIS).toString()));
    }

    /** A customer's telephone: what its camera read. */
    static byte[] phone(String text, Instant now) {
        return Json.bytes(Json.object()
                .put("code", text)
                .put("time", now.truncatedTo(ChronoUnit.MILLIS).toString()));
    }
}
