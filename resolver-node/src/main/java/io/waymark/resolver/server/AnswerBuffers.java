package io.waymark.resolver.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Direct buffers for answers, used again as soon as the transport has let go of them: while it has not, another takes the
 * place. Belongs to one event loop.
 *
 * <p>Usage: {@link #view} is written from its position on, then {@link #take} hands the octets out. What is not taken is
 * simply written again.
 */
final class AnswerBuffers {
    private final int bytes;
    private final ByteBuf[] buffers;
    private final ByteBuffer[] views;
    private int current;

    /**
     * @param count how many may be under way before new ones must be made
     * @param bytes of each
     */
    AnswerBuffers(int count, int bytes) {
        this.bytes = bytes;
        this.buffers = new ByteBuf[count];
        this.views = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            replace(i);
        }
    }

    /** Garbage collection frees these: the loop cannot know when the last channel has let go. */
    private void replace(int n) {
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes);
        views[n] = memory;
        buffers[n] = Unpooled.wrappedBuffer(memory);
    }

    /** The current buffer, empty. */
    ByteBuffer view() {
        if (buffers[current].refCnt() != 1) {
            replace(current);
        }
        return views[current].clear();
    }

    /** The octets of the current view from its start to its position; the receiver releases them. */
    ByteBuf take() {
        ByteBuf taken = buffers[current].retain();
        taken.setIndex(0, views[current].position());
        current = (current + 1) % buffers.length;
        return taken;
    }
}
