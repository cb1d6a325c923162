package io.waymark.resolver.message;

import java.util.Optional;

/**
 * How a request ended, with the status the JSON API gives for it.
 *
 * @see "RFC 3652 §2.2.2.2 ResponseCode"
 */
public enum ResponseCode {
    /** Done. */
    SUCCESS(1, 200),
    /** Failed for a reason without a code of its own; the reference client turns it into an exception. */
    ERROR(2, 500),
    /** Try later. */
    SERVER_TOO_BUSY(3, 503),
    /** The message does not obey the protocol. */
    PROTOCOL_ERROR(4, 400),
    /** Understood, but not offered here. */
    OPERATION_NOT_SUPPORTED(5, 501),
    /** Referred too often. */
    RECURSION_COUNT_TOO_HIGH(6, 500),
    /** Read-only now. */
    SERVER_BACKUP(7, 503),
    /** No such handle. */
    HANDLE_NOT_FOUND(100, 404),
    /** There is one already. */
    HANDLE_ALREADY_EXISTS(101, 409),
    /** No handle can be written so. */
    INVALID_HANDLE(102, 400),
    /** The handle has no such values, or none the caller may see. */
    VALUES_NOT_FOUND(200, 400),
    /** The index is taken. */
    VALUE_ALREADY_EXISTS(201, 409),
    /** No value can look so. */
    INVALID_VALUE(202, 400),
    /** The client should fetch the site record again. */
    OUT_OF_DATE_SITE_INFO(300, 500),
    /** The prefix does not live here. */
    SERVER_NOT_RESPONSIBLE(301, 400),
    /** Ask the service named. */
    SERVICE_REFERRAL(302, 300),
    /** Ask the service of the prefix named. */
    PREFIX_REFERRAL(303, 300),
    /** Not an administrator. */
    INVALID_ADMIN(400, 403),
    /** An administrator, but not for this. */
    INSUFFICIENT_PERMISSIONS(401, 403),
    /** Prove who you are. */
    AUTHENTICATION_NEEDED(402, 401),
    /** The proof is wrong. */
    AUTHENTICATION_FAILED(403, 403),
    /** The proof cannot be checked. */
    INVALID_CREDENTIAL(404, 403),
    /** The challenge is too old or was never given. */
    AUTHENTICATION_TIMEOUT(405, 500),
    /** The proof could not be checked for a fault of ours. */
    AUTHENTICATION_ERROR(406, 500),
    /** No such session now. */
    SESSION_TIMEOUT(500, 500),
    /** The session could not be made. */
    SESSION_FAILED(501, 500),
    /** The message was not authenticated with the session's key. */
    INVALID_SESSION_KEY(502, 500),
    /** An RSA key is needed for this way of setting up. */
    NEED_RSA_KEY(503, 500),
    /** The set-up request makes no sense. */
    INVALID_SESSION_SETUP(504, 500),
    /** The message was seen before. */
    SESSION_MESSAGE_REJECTED(505, 500);

    private final int code;
    private final int httpStatus;

    ResponseCode(int code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The status of a JSON answer with this code. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The code with this number; empty if the protocol has none. */
    public static Optional<ResponseCode> of(int code) {
        for (ResponseCode rc : values()) {
            if (rc.code == code) {
                return Optional.of(rc);
            }
        }
        return Optional.empty();
    }
}
