package io.waymark.resolver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.http.HandleJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** The site record of another node, in a file as Handle servers write it or as they answer {@code GET /api/site}. */
final class RootSite {
    private RootSite() {}

    /**
     * Reads it.
     *
     * @throws UncheckedIOException if it cannot be read, or a server in it has no key; names the file
     */
    static SiteInfo read(Path file) {
        try {
            JsonNode json = new ObjectMapper().readTree(Files.readString(file));
            SiteInfo site = site(json.path("site").isObject() ? json.path("site") : json);
            if (site.servers().stream().anyMatch(s -> s.publicKey().length == 0)) {
                throw new IOException("a server in it has no public key, without which no answer counts");
            }
            return site;
        } catch (IOException | MalformedRecordException e) {
            throw new UncheckedIOException(new IOException("root site " + file + ": " + e.getMessage(), e));
        }
    }

    private static SiteInfo site(JsonNode json) throws MalformedRecordException {
        ObjectNode value = JsonNodeFactory.instance.objectNode().put("index", 1).put("type", SiteInfo.TYPE);
        value.putObject("data").put("format", "site").set("value", json);
        return SiteInfoCodec.decode(
                HandleJson.valuesFromJson(value, Clock.systemUTC()).get(0).data());
    }
}
