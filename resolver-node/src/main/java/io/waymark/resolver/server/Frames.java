package io.waymark.resolver.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The messages of an answer in order, envelope first; none if the request deserves silence. Of a long list they are made one
 * after the other, as the client takes them.
 *
 * @param made can be sent now
 * @param rest makes those that follow; empty if that was all
 */
public record Frames(List<byte[]> made, Optional<Rest> rest) {
    /** Silence. */
    public static final Frames NONE = of(List.of());

    /** The rest of a list. */
    @FunctionalInterface
    public interface Rest {
        /** Makes the next message. Not on the caller's thread; never fails. */
        CompletableFuture<Frames> more();
    }

    /** Copies the list. */
    public Frames {
        made = List.copyOf(made);
    }

    /** All there is. */
    public static Frames of(List<byte[]> made) {
        return new Frames(made, Optional.empty());
    }
}
