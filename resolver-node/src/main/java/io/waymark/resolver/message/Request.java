package io.waymark.resolver.message;

import io.waymark.identifier.handle.HandleValue;
import java.util.List;

/**
 * What a client asks. Names are as the client wrote them: not yet known to be well-formed handles.
 *
 * @see "RFC 3652 §3 Handle Protocol Operations"
 */
public sealed interface Request {
    /** The family's members, for exhaustive switches. */
    enum Kind {
        /** {@link Resolution}. */
        RESOLUTION,
        /** {@link GetSiteInfo}. */
        GET_SITE_INFO,
        /** {@link WriteValues}. */
        WRITE_VALUES,
        /** {@link RemoveValues}. */
        REMOVE_VALUES,
        /** {@link NameOperation}. */
        NAME_OPERATION,
        /** {@link ChallengeAnswer}. */
        CHALLENGE_ANSWER,
        /** {@link VerifyChallenge}. */
        VERIFY_CHALLENGE,
        /** {@link SessionSetup}. */
        SESSION_SETUP,
        /** {@link KeyExchange}. */
        KEY_EXCHANGE,
        /** {@link Login}. */
        LOGIN,
        /** {@link Unsupported}. */
        UNSUPPORTED
    }

    /** Which member this is. */
    Kind kind();

    /**
     * Values of a handle. With neither indexes nor types every value is wanted, else those whose index or type fits.
     *
     * @param handle as asked
     * @param indexes wanted indexes
     * @param types wanted types; one that ends in a dot stands for all types that begin so
     */
    record Resolution(String handle, List<Integer> indexes, List<String> types) implements Request {
        /** Copies the lists. */
        public Resolution {
            indexes = List.copyOf(indexes);
            types = List.copyOf(types);
        }

        @Override
        public Kind kind() {
            return Kind.RESOLUTION;
        }
    }

    /** The site record of this node. */
    record GetSiteInfo() implements Request {
        @Override
        public Kind kind() {
            return Kind.GET_SITE_INFO;
        }
    }

    /**
     * Create a handle, add values to it, or change values it has.
     *
     * @param opCode {@link OpCode#CREATE_HANDLE}, {@link OpCode#ADD_VALUE} or {@link OpCode#MODIFY_VALUE}
     * @param handle as asked
     * @param values new contents
     */
    record WriteValues(OpCode opCode, String handle, List<HandleValue> values) implements Request {
        /** Copies the list. */
        public WriteValues {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.WRITE_VALUES;
        }
    }

    /**
     * Remove values from a handle.
     *
     * @param handle as asked
     * @param indexes of the values to remove
     */
    record RemoveValues(String handle, List<Integer> indexes) implements Request {
        /** Copies the list. */
        public RemoveValues {
            indexes = List.copyOf(indexes);
        }

        @Override
        public Kind kind() {
            return Kind.REMOVE_VALUES;
        }
    }

    /**
     * An operation that needs nothing but a name: delete, list, home, unhome, end a session.
     *
     * @param opCode which
     * @param name a handle or a prefix handle, as asked
     */
    record NameOperation(OpCode opCode, String name) implements Request {
        @Override
        public Kind kind() {
            return Kind.NAME_OPERATION;
        }
    }

    /**
     * The answer to a challenge.
     *
     * @param authenticationType {@code HS_SECKEY} or {@code HS_PUBKEY}
     * @param userHandle the handle that holds the key
     * @param userIndex the key's index in it
     * @param answer the proof; owned by the value, never written
     */
    record ChallengeAnswer(String authenticationType, String userHandle, int userIndex, byte[] answer)
            implements Request {
        @Override
        public Kind kind() {
            return Kind.CHALLENGE_ANSWER;
        }
    }

    /**
     * A session, please.
     *
     * @param mode how keys are exchanged; 4 = Diffie-Hellman
     * @param timeoutSeconds the idle time the client would like
     * @param identityHandle the handle that holds the client's key
     * @param identityIndex the key's index in it
     * @param keyData what the mode needs; owned by the value, never written
     */
    record SessionSetup(int mode, int timeoutSeconds, String identityHandle, int identityIndex, byte[] keyData)
            implements Request {
        /** Diffie-Hellman: the only way the reference client can go. */
        public static final int MODE_DIFFIE_HELLMAN = 4;

        @Override
        public Kind kind() {
            return Kind.SESSION_SETUP;
        }
    }

    /**
     * Another server asks whether the answer to a challenge of its own fits a key that lives here.
     *
     * @param userHandle the handle that holds the key
     * @param userIndex the key's index in it
     * @param nonce the other server's; owned by the value, never written
     * @param requestDigest of the request it challenged; owned by the value, never written
     * @param answer the proof it was given; owned by the value, never written
     * @see "RFC 3652 §3.5.3 Challenge-Response Verification-Request"
     */
    record VerifyChallenge(String userHandle, int userIndex, byte[] nonce, byte[] requestDigest, byte[] answer)
            implements Request {
        @Override
        public Kind kind() {
            return Kind.VERIFY_CHALLENGE;
        }
    }

    /**
     * A session key, encrypted for this node: part of ways to set up a session this node does not go.
     *
     * @param encryptedKey owned by the value, never written
     */
    record KeyExchange(byte[] encryptedKey) implements Request {
        @Override
        public Kind kind() {
            return Kind.KEY_EXCHANGE;
        }
    }

    /**
     * Who speaks on this connection from now on.
     *
     * @param identityHandle the handle that holds the client's key
     * @param identityIndex the key's index in it
     */
    record Login(String identityHandle, int identityIndex) implements Request {
        @Override
        public Kind kind() {
            return Kind.LOGIN;
        }
    }

    /**
     * An operation this node does not offer.
     *
     * @param opCode the number asked
     */
    record Unsupported(int opCode) implements Request {
        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED;
        }
    }
}
