package io.waymark.gateway.ingest;

/** The topic's messages are acknowledged when Kafka has them, and it does not in time. Stackless: it is an answer. */
public final class KafkaAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KafkaAwayException(String message) {
        super(message, null, false, false);
    }
}
