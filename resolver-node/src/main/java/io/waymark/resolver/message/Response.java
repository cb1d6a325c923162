package io.waymark.resolver.message;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
        /** {@link Referral}. */
        REFERRAL,
        /** {@link Verified}. */
        VERIFIED,
        /** {@link Failure}. */
        FAILURE
    }

    /** Which member this is. */
    Kind kind();

    /** The code in the answer's header. */
    default ResponseCode code() {
        return ResponseCode.SUCCESS;
    }

    /** Whether this node speaks for the handle; else it repeats what another said, perhaps a while ago. */
    default boolean authoritative() {
        return true;
    }

    /**
     * Values of a handle.
     *
     * @param handle as asked
     * @param values those wanted and allowed
     * @param authoritative see {@link Response#authoritative()}
     */
    record Values(String handle, List<HandleValue> values, boolean authoritative) implements Response {
        /** Copies the list. */
        public Values {
            values = List.copyOf(values);
        }

        /** This node's own. */
        public Values(String handle, List<HandleValue> values) {
            this(handle, values, true);
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
     * @param next makes the message that follows, when there is room for it; may read the disk. Empty in the last
     */
    record Names(List<String> names, Optional<Supplier<Names>> next) implements Response {
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
     * Another service has what was asked for.
     *
     * @param code {@link ResponseCode#SERVICE_REFERRAL}: ask it the same again; {@link ResponseCode#PREFIX_REFERRAL}: ask
     *     it, which serves the prefixes derived from the one named
     * @param handle the prefix or service handle that names the service
     * @param values those of its values that do; empty if the client should resolve it
     */
    record Referral(ResponseCode code, String handle, List<HandleValue> values) implements Response {
        /** Copies the list, refuses other codes. */
        public Referral {
            values = List.copyOf(values);
            if (code != ResponseCode.SERVICE_REFERRAL && code != ResponseCode.PREFIX_REFERRAL) {
                throw new IllegalArgumentException(code + " refers to nobody");
            }
        }

        @Override
        public Kind kind() {
            return Kind.REFERRAL;
        }

        /** The same for a client that knows no prefix referrals. */
        public Referral asServiceReferral() {
            return new Referral(
                    ResponseCode.SERVICE_REFERRAL,
                    handle,
                    values.stream().map(Referral::ofHandles).toList());
        }

        private static HandleValue ofHandles(HandleValue v) {
            String type = v.type().regionMatches(true, 0, "HS_SERV", 0, 7) ? "HS_SERV" : SiteInfo.TYPE;
            return new HandleValue(
                    v.index(), type, v.data(), v.ttl(), v.timestampSeconds(), v.permissions(), v.references());
        }

        /** What a client is told that does not want to be referred. */
        public Failure withheld() {
            return new Failure(ResponseCode.SERVER_NOT_RESPONSIBLE, handle + " names another service");
        }
    }

    /**
     * Whether another server's challenge was answered with the right key.
     *
     * @param valid it was
     */
    record Verified(boolean valid) implements Response {
        @Override
        public Kind kind() {
            return Kind.VERIFIED;
        }
    }

    /**
     * The request was not carried out.
     *
     * @param code why, never SUCCESS
     * @param message for people; may be empty
     * @param authoritative see {@link Response#authoritative()}
     */
    record Failure(ResponseCode code, String message, boolean authoritative) implements Response {
        /** Refuses to fail with success. */
        public Failure {
            if (code == ResponseCode.SUCCESS) {
                throw new IllegalArgumentException("a failure cannot have code SUCCESS");
            }
        }

        /** This node's own. */
        public Failure(ResponseCode code, String message) {
            this(code, message, true);
        }

        @Override
        public Kind kind() {
            return Kind.FAILURE;
        }
    }
}
