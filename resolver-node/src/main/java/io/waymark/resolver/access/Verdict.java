package io.waymark.resolver.access;

import io.waymark.resolver.message.ResponseCode;

/** Whether a caller is who he says. */
public sealed interface Verdict {
    /** The family's members, for exhaustive switches. */
    enum Kind {
        /** {@link Admitted}. */
        ADMITTED,
        /** {@link Refused}. */
        REFUSED
    }

    /** Which member this is. */
    Kind kind();

    /**
     * He is, or he says nothing.
     *
     * @param caller who
     */
    record Admitted(Caller caller) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.ADMITTED;
        }
    }

    /**
     * He is not, or that cannot be known.
     *
     * @param code why, for Handle clients
     * @param status why, for HTTP: 400, 401 (try again), 403 (not on this connection), 429 (not so often), 503
     * @param message why, for people; the same whether or not the key exists
     */
    record Refused(ResponseCode code, int status, String message) implements Verdict {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }
}
