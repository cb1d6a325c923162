package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A site: {@code ADDRESS:PORT[,tcp][,udp][,http]} of its one server, or a file with its whole record, key included, as Handle
 * servers write it when they are set up ({@code siteinfo.json}) or as they answer {@code GET /api/site}.
 */
final class SiteOption {
    private static final Pattern SITE = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+)):(\\d{1,5})((?:,[a-z]+)*)");
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "http");

    private SiteOption() {}

    /** @throws CliException if the text is none */
    static ObjectNode toJson(String text) {
        Matcher m = SITE.matcher(text);
        if (!m.matches()) {
            return fromFile(text);
        }
        ObjectNode site = ClientCommand.JSON
                .createObjectNode()
                .put("version", 1)
                .put("protocolVersion", "2.11")
                .put("serialNumber", 1)
                .put("primarySite", true);
        ObjectNode server = site.putArray("servers")
                .addObject()
                .put("serverId", 1)
                .put("address", m.group(1) == null ? m.group(2) : m.group(1));
        for (String protocol : protocols(m.group(4))) {
            server.withArray("interfaces")
                    .addObject()
                    .put("query", true)
                    .put("admin", !protocol.equals("udp"))
                    .put("protocol", protocol.toUpperCase(Locale.ROOT))
                    .put("port", Integer.parseInt(m.group(3)));
        }
        return site;
    }

    private static ObjectNode fromFile(String name) {
        Path file = fileOr(name);
        try {
            JsonNode json = ClientCommand.JSON.readTree(Files.readString(file));
            JsonNode site = json.path("site").isObject() ? json.path("site") : json;
            if (site instanceof ObjectNode record && record.path("servers").isArray()) {
                return record;
            }
        } catch (IOException e) {
            throw new CliException(ExitCodes.USAGE, "--site " + name + " cannot be read: " + e.getMessage());
        }
        throw new CliException(
                ExitCodes.USAGE, "--site " + name + " must hold a site record, which has servers, but holds none");
    }

    private static Path fileOr(String text) {
        try {
            Path file = Path.of(text);
            if (Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw neither(text);
        }
        throw neither(text);
    }

    private static CliException neither(String text) {
        return new CliException(
                ExitCodes.USAGE,
                "--site must be ADDRESS:PORT with tcp, udp or http behind it, such as 203.0.113.9:2641,tcp,udp, or a file"
                        + " with a site record, but was " + text);
    }

    private static List<String> protocols(String listed) {
        if (listed.isEmpty()) {
            return List.of("tcp", "udp");
        }
        List<String> protocols = List.of(listed.substring(1).split(",", -1));
        for (String p : protocols) {
            if (!PROTOCOLS.contains(p)) {
                throw new CliException(ExitCodes.USAGE, "--site knows tcp, udp and http but not " + p);
            }
        }
        return protocols;
    }
}
