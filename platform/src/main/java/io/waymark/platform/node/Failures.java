package io.waymark.platform.node;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.net.BindException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From exceptions to sentences. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Why a part could not start. What nobody foresaw is logged with its stack, the rest needs none. */
    static StartException startException(String part, Throwable failure) {
        Throwable bind = find(failure, BindException.class);
        if (bind != null) {
            return new StartException(bindSentence(part, String.valueOf(bind.getMessage())), failure);
        }
        boolean expected = find(failure, IOException.class) != null
                || find(failure, StorageException.class) != null
                || find(failure, KafkaException.class) != null;
        if (!expected) {
            LOG.error("{} failed", part, failure);
        }
        return new StartException(part + " could not start: " + words(failure), failure);
    }

    /** The messages of an exception and its causes, each once. */
    static String words(Throwable failure) {
        StringBuilder words = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
            // wrappers repeat their cause: "java.io.IOException: disk full"
            boolean wrapper =
                    t.getCause() != null && message.equals(t.getCause().toString());
            if (!wrapper && words.indexOf(message) < 0) {
                words.append(words.length() == 0 ? "" : ": ").append(message);
            }
        }
        return words.toString();
    }

    private static String bindSentence(String part, String message) {
        return message.startsWith(part) ? message : part + ": " + message;
    }

    private static @Nullable Throwable find(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return t;
            }
        }
        return null;
    }
}
