package io.waymark.trace.reading;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON from devices, with limits on everything. */
final class StrictJson {
    static final int PAYLOAD_BYTES_MAX = 1 << 20;
    private static final int DEPTH_MAX = 32;
    private static final int STRING_MAX = 64 * 1024;
    private static final int NUMBER_MAX = 100;
    private static final int NAME_MAX = 1024;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(STRING_MAX)
                            .maxNumberLength(NUMBER_MAX)
                            .maxNameLength(NAME_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /**
     * The tree of a payload.
     *
     * @throws UndecodableException {@link Reason#MALFORMED_JSON}, saying where
     */
    static JsonNode parse(byte[] payload) throws UndecodableException {
        try {
            return MAPPER.readTree(payload);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at octet " + e.getLocation().getByteOffset();
            throw new UndecodableException(Reason.MALFORMED_JSON, "not JSON" + where + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            // octets that are no UTF-8 end here
            throw new UndecodableException(Reason.MALFORMED_JSON, "not JSON: " + e.getMessage());
        }
    }
}
