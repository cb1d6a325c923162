package io.waymark.resolver.message;

import java.util.Optional;

/**
 * A request with what surrounds it.
 *
 * @param envelope of the whole message
 * @param header as sent
 * @param request what is asked
 * @param headerAndBody the octets digests and signatures cover; owned by the value, never written
 * @param credential absent if the message is unsigned
 */
public record RequestMessage(
        Envelope envelope, Header header, Request request, byte[] headerAndBody, Optional<Credential> credential) {
    /** The version its answer is written in. */
    public ProtocolVersion answerVersion() {
        return ProtocolVersion.negotiate(envelope.suggested());
    }

    /** Whether the header's flags have {@code bit}. */
    public boolean has(int bit) {
        return header.has(bit);
    }
}
