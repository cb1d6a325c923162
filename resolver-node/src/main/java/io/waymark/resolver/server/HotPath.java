package io.waymark.resolver.server;

import io.waymark.resolver.wire.FastResolution;

/**
 * What an event loop needs to answer from memory, shared by all its channels.
 *
 * @param resolution answers in place
 * @param datagrams one answer each
 * @param streams the answers of one read of a connection, one behind the other
 */
record HotPath(FastResolution resolution, AnswerBuffers datagrams, AnswerBuffers streams) {
    /** Room for any answer that may leave over UDP by default, and for what is left out of it on the way. */
    static final int DATAGRAM_BYTES = 4096;

    static final int STREAM_BYTES = 32 * 1024;
    private static final int STREAMS = 4;

    static HotPath of(FastResolution resolution) {
        return new HotPath(
                resolution,
                new AnswerBuffers(2 * FastResolution.BATCH_MAX, DATAGRAM_BYTES),
                new AnswerBuffers(STREAMS, STREAM_BYTES));
    }
}
