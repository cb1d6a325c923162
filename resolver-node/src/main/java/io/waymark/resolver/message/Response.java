package io.waymark.resolver.message;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import java.util.List;

/** What the node answers. */
public sealed interface Response {
    /** The family's members, for exhaustive switches. */
    enum Kind {
        /** {@link Values}. */
        VALUES,
        /** {@link Site}. */
        SITE,
        /** {@link Done}. */
        DONE,
        /** {@link Names}. */
        NAMES,
        /** {@link Challenge}. */
        CHALLENGE,
        /** {@link SessionKey}. */
        SESSION_KEY,
        /** {@link Failure}. */
        FAILURE
    }

    /** Which member this is. */
    Kind kind();

    /** The code in the answer's header. */
    default ResponseCode code() {
        return ResponseCode.SUCCESS;
    }

    /**
     * Values of a handle.
     *
     * @param handle as asked
     * @param values those wanted and allowed
     */
    record Values(String handle, List<HandleValue> values) implements Response {
        /** Copies the list. */
        public Values {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.VALUES;
        }
    }

    /**
     * This node's site record.
     *
     * @param site current
     */
    record Site(SiteInfo site) implements Response {
        @Override
        public Kind kind() {
            return Kind.SITE;
        }
    }

    /**
     * A change was made.
     *
     * @param handle its name, repeated for a new handle; empty for other changes
     * @param overwritten whether it replaced something
     */
    record Done(String handle, boolean overwritten) implements Response {
        @Override
        public Kind kind() {
            return Kind.DONE;
        }
    }

    /**
     * Handles under a prefix, or prefixes.
     *
     * @param names one message's worth
     * @param more whether another such message follows
     */
    record Names(List<String> names, boolean more) implements Response {
        /** Copies the list. */
        public Names {
            names = List.copyOf(names);
        }

        @Override
        public Kind kind() {
            return Kind.NAMES;
        }
    }

    /**
     * Prove who you are.
     *
     * @param challengeId goes into the envelope's session id
     * @param nonce 16 octets nobody could foresee
     */
    record Challenge(int challengeId, byte[] nonce) implements Response {
        @Override
        public Kind kind() {
            return Kind.CHALLENGE;
        }

        @Override
        public ResponseCode code() {
            return ResponseCode.AUTHENTICATION_NEEDED;
        }
    }

    /**
     * A session stands.
     *
     * @param sessionId goes into the envelope
     * @param mode the way keys were exchanged
     * @param keyData the server's part
     */
    record SessionKey(int sessionId, int mode, byte[] keyData) implements Response {
        @Override
        public Kind kind() {
            return Kind.SESSION_KEY;
        }
    }

    /**
     * The request was not carried out.
     *
     * @param code why, never SUCCESS
     * @param message for people; may be empty
     */
    record Failure(ResponseCode code, String message) implements Response {
        /** Refuses to fail with success. */
        public Failure {
            if (code == ResponseCode.SUCCESS) {
                throw new IllegalArgumentException("a failure cannot have code SUCCESS");
            }
        }

        @Override
        public Kind kind() {
            return Kind.FAILURE;
        }
    }
}
