package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.function.Consumer;

/** The list of devices, page after page. */
record DevicePages(NodeConnection node, String group, String state) {
    private static final int PAGE = 500;

    /** Shows so many devices behind an id; how many there were. */
    int forEach(String after, int limit, Consumer<JsonNode> device) throws IOException, InterruptedException {
        String last = after;
        int count = 0;
        while (count < limit) {
            int wanted = Math.min(PAGE, limit - count);
            JsonNode page = node.get(DeviceCommand.PATH + "?limit=" + wanted + query("after", last)
                            + query("group", group) + query("state", state))
                    .orFail()
                    .json()
                    .path("devices");
            page.forEach(device);
            count += page.size();
            // fewer than asked for, or a node that does not go on: that was all
            String end = page.size() == 0
                    ? last
                    : page.get(page.size() - 1).path("id").asText("");
            if (page.size() < wanted || end.equals(last)) {
                break;
            }
            last = end;
        }
        return count;
    }

    private static String query(String name, String value) {
        return value.isEmpty() ? "" : "&" + name + "=" + NodeConnection.encodeWhole(value);
    }
}
