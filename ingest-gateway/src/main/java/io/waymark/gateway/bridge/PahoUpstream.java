package io.waymark.gateway.bridge;

import java.util.Collections;
import java.util.Enumeration;

/**
 * What the two Paho clients have in common though their classes have no common type: how long an upstream may take, how a failure
 * reads, and how a connection ends.
 */
abstract class PahoUpstream implements Upstream {
    static final long CONNECT_MILLIS = 10_000;
    static final long ANSWER_MILLIS = 20_000;
    private static final long GOODBYE_MILLIS = 500;

    final BridgeConfig config;
    final Listener listener;
    final Qos2Gate gate;

    PahoUpstream(BridgeConfig config, Listener listener) {
        this.config = config;
        this.listener = listener;
        this.gate = new Qos2Gate(listener);
    }

    /** A call of Paho. */
    interface Call<T> {
        T run() throws Exception;
    }

    /** Its result; a failure says what could not be done. */
    static <T> T ask(String what, Call<T> call) throws UpstreamException {
        try {
            return call.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failure(what, e);
        }
    }

    /** A call of Paho without a result. */
    interface Step {
        void run() throws Exception;
    }

    static void attempt(String what, Step step) throws UpstreamException {
        ask(what, () -> {
            step.run();
            return what;
        });
    }

    static UpstreamException failure(String what, Exception e) {
        return new UpstreamException("cannot " + what + ": " + reason(e), e);
    }

    /** What is known of a failure; Paho's own message is often only "MqttException". */
    static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause == failure ? failure.toString() : failure + " by " + cause;
    }

    @Override
    public final void close(boolean goodbye) {
        gate.close();
        try {
            disconnect(goodbye, goodbye ? GOODBYE_MILLIS : 1);
        } catch (UpstreamException e) {
            // Not connected any more: there is nobody to say goodbye to.
        }
        try {
            end();
        } catch (UpstreamException e) {
            // Closed already.
        }
    }

    abstract void disconnect(boolean goodbye, long timeoutMillis) throws UpstreamException;

    /** Gives back threads and sockets. */
    abstract void end() throws UpstreamException;

    /** What Paho may ask of a persistence that keeps nothing itself. */
    static class KeepsNothing {
        public void close() {}

        public void clear() {}

        public Enumeration<String> keys() {
            return Collections.emptyEnumeration();
        }

        public boolean containsKey(String key) {
            return false;
        }
    }
}
