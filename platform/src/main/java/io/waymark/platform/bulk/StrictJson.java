package io.waymark.platform.bulk;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON from people and programs we do not know: no duplicate keys, nothing behind the end, bounded in every direction. */
public final class StrictJson {
    private static final int DEPTH_MAX = 64;
    private static final int DIGITS_MAX = 32;

    private StrictJson() {}

    /** @param stringMax characters of the longest string */
    public static JsonMapper mapper(int stringMax) {
        JsonMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxNumberLength(DIGITS_MAX)
                        .maxStringLength(stringMax)
                        .build());
        return mapper;
    }
}
