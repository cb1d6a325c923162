package io.waymark.gateway.bridge;

/** How long an upstream may take, and how a failure of Paho reads. */
final class PahoTimes {
    static final long CONNECT_MILLIS = 10_000;
    static final long ANSWER_MILLIS = 20_000;
    static final long GOODBYE_MILLIS = 500;

    private PahoTimes() {}

    /** What is known of a failure; Paho's own message is often only "MqttException". */
    static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause == failure ? failure.toString() : failure + " by " + cause;
    }
}
