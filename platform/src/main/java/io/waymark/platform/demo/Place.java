package io.waymark.platform.demo;

import java.util.Locale;

/** The places of the story, and what a read at their topics means. */
enum Place {
    WITHERING("tea/wuyi/withering", "6901234000016", "withering", "sensor_reporting", "", "OBSERVE"),
    ROASTING("tea/wuyi/roasting", "6901234000016", "roasting", "sensor_reporting", "", "OBSERVE"),
    TUNNEL("tea/wuyi/tunnel", "6901234000016", "rfid-tunnel", "commissioning", "active", "ADD"),
    PACKING("tea/wuyi/packing", "6901234000016", "packing", "packing", "in_progress", "OBSERVE"),
    GATE("tea/wuyi/gate", "6901234000016", "gate", "shipping", "in_transit", "OBSERVE"),
    SHANGHAI("pos/shanghai/nanjing-road", "6901234001013", "counter", "retail_selling", "retail_sold", "OBSERVE"),
    KUNMING("scan/kunming", "6901234002010", "street", "inspecting", "", "OBSERVE");

    private final String topic;
    private final String gln;
    private final String extension;
    private final String bizStep;
    private final String disposition;
    private final String action;

    Place(String topic, String gln, String extension, String bizStep, String disposition, String action) {
        this.topic = topic;
        this.gln = gln;
        this.extension = extension;
        this.bizStep = bizStep;
        this.disposition = disposition;
        this.action = action;
    }

    /** Where its devices publish. */
    String topic() {
        return topic;
    }

    String bizStep() {
        return bizStep;
    }

    /** GLN with extension, as a Digital Link. */
    String readPoint() {
        return "https://id.gs1.org/414/" + gln + "/254/" + extension;
    }

    /** The entry of {@code trace.read-points} in YAML. */
    String rule() {
        String rule = String.format(Locale.ROOT, """
                    - match: %s/#
                      read-point: %s
                      biz-location: https://id.gs1.org/414/%s
                      biz-step: %s
                      action: %s
                """, topic, readPoint(), gln, bizStep, action);
        return disposition.isEmpty() ? rule : rule + "      disposition: " + disposition + "\n";
    }
}
