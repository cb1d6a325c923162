package io.waymark.trace.capture;

import io.waymark.trace.event.Action;
import io.waymark.trace.event.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * What a read at a place means.
 *
 * @param id URI of the place of reading
 * @param bizLocation URI of where things are afterwards
 * @param bizStep CBV bare word or URI
 * @param disposition CBV bare word or URI
 * @param action how things are touched
 */
public record ReadPoint(
        String id,
        @Nullable String bizLocation,
        @Nullable String bizStep,
        @Nullable String disposition,
        Action action) {
    /** Refuses what no event may hold, naming value and rule. */
    public ReadPoint {
        requireUri("readPoint", id);
        requireUri("bizLocation", bizLocation);
        requireWord(Vocabulary.BIZ_STEP, bizStep);
        requireWord(Vocabulary.DISPOSITION, disposition);
    }

    private static void requireUri(String name, @Nullable String value) {
        if (value != null && !Vocabulary.isUri(value)) {
            throw new IllegalArgumentException(name + " must be a URI but was \"" + value + "\"");
        }
    }

    private static void requireWord(Vocabulary vocabulary, @Nullable String value) {
        if (value != null && !vocabulary.accepts(value)) {
            throw new IllegalArgumentException(
                    vocabulary + " must be a CBV 2.0 word or a URI of one's own but was \"" + value + "\"");
        }
    }
}
