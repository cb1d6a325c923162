package io.waymark.resolver.upstream;

import io.waymark.resolver.message.Response;

/** What came of asking another node. */
sealed interface Reply {
    /**
     * It answered.
     *
     * @param response all public values of the handle, a referral or a failure
     * @param lifeSeconds how long the answer may be remembered; 0 = not at all
     */
    record Answered(Response response, long lifeSeconds) implements Reply {}

    /**
     * It did not, or was not asked.
     *
     * @param reason why
     */
    record Unanswered(Reason reason) implements Reply {}

    /** Why there is no answer. */
    enum Reason {
        /** Nothing came in time. */
        TIMEOUT,
        /** No connection. */
        UNREACHABLE,
        /** What came is no answer to the question. */
        MALFORMED,
        /** What came is not signed with the key in the site record. */
        UNSIGNED,
        /** Too many questions are on their way. */
        BUSY,
        /** The server failed lately and is left alone for a while. */
        BREAKER_OPEN,
        /** The site has no address that may be talked to. */
        NO_ADDRESS
    }
}
