package io.waymark.resolver.signature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON that cannot be read two ways: no name twice, nothing behind it, not deep. */
final class StrictJson {
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private StrictJson() {}

    static JsonNode object(byte[] octets, String what) throws MalformedSignatureException {
        try {
            JsonNode json = MAPPER.readTree(octets);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            throw new MalformedSignatureException(what + " of the signature is no JSON");
        }
        throw new MalformedSignatureException(what + " of the signature must be a JSON object");
    }
}
