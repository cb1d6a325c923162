package io.waymark.resolver.access;

import io.waymark.identifier.handle.ValueReference;

/** What a caller says of himself. Nothing of it is true before it is checked. */
sealed interface Authorization {
    /** The family's members, for exhaustive switches. */
    enum Kind {
        NONE,
        BEARER,
        BASIC,
        SESSION,
        PROOF,
        CERTIFICATE
    }

    Kind kind();

    /** He says nothing. */
    record None() implements Authorization {
        @Override
        public Kind kind() {
            return Kind.NONE;
        }
    }

    /**
     * He has a token.
     *
     * @param token never logged
     */
    record Bearer(String token) implements Authorization {
        @Override
        public Kind kind() {
            return Kind.BEARER;
        }

        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /**
     * He knows a secret key.
     *
     * @param identity the key's place
     * @param secret the key itself. Owned by the value, never written, never logged
     */
    record Basic(ValueReference identity, byte[] secret) implements Authorization {
        @Override
        public Kind kind() {
            return Kind.BASIC;
        }

        @Override
        public String toString() {
            return "Basic " + Identities.text(identity);
        }
    }

    /**
     * He proved himself before.
     *
     * @param id never logged
     */
    record InSession(String id) implements Authorization {
        @Override
        public Kind kind() {
            return Kind.SESSION;
        }

        @Override
        public String toString() {
            return "session";
        }
    }

    /**
     * He answers a challenge.
     *
     * @param sessionId the challenge; never logged
     * @param identity the key's place
     * @param proof with it
     */
    record Proven(String sessionId, ValueReference identity, Proof proof) implements Authorization {
        @Override
        public Kind kind() {
            return Kind.PROOF;
        }

        @Override
        public String toString() {
            return "proof of " + Identities.text(identity);
        }
    }

    /** His certificate says who he is. */
    record ByCertificate() implements Authorization {
        @Override
        public Kind kind() {
            return Kind.CERTIFICATE;
        }
    }
}
