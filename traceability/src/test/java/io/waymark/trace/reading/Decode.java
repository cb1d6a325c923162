package io.waymark.trace.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Decodes test messages. */
final class Decode {
    static final Instant RECEIVED = Instant.parse("2026-11-22T08:00:00Z");

    private Decode() {}

    static Decoding message(byte[] payload, ProfileOptions options) {
        return ReadingDecoder.decode(new Message("d", "t", "gw-1-1-1", RECEIVED, payload), options);
    }

    static Decoding message(String payload) {
        return message(payload.getBytes(StandardCharsets.UTF_8), ProfileOptions.defaults());
    }

    /** The one reading of a message. */
    static <R extends Reading> R one(Class<R> type, String payload) {
        return one(type, message(payload));
    }

    static <R extends Reading> R one(Class<R> type, Decoding decoding) {
        assertThat(decoding.problems()).isEmpty();
        assertThat(decoding.items()).hasSize(1);
        Reading reading = decoding.items().get(0).reading();
        assertThat(reading).isInstanceOf(type);
        return type.cast(reading);
    }

    /** The one problem of a message that holds no reading. */
    static Decoding.Problem problem(String payload) {
        Decoding decoding = message(payload);
        assertThat(decoding.items()).isEmpty();
        assertThat(decoding.problems()).hasSize(1);
        return decoding.problems().get(0);
    }
}
