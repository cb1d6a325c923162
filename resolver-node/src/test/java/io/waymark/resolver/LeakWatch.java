package io.waymark.resolver;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Collects what Netty's leak detector says, which it says when a buffer was collected without having been released. */
public final class LeakWatch implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    public LeakWatch() {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new AssertionError("leak detection must be paranoid but was " + ResourceLeakDetector.getLevel());
        }
        said.start();
        logger.addAppender(said);
    }

    /** What leaked until now. */
    public List<String> leaks() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            // leaks are reported when the next buffers are made
            for (int n = 0; n < 64; n++) {
                ByteBufAllocator.DEFAULT.directBuffer(64).release();
            }
        }
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(said);
    }
}
