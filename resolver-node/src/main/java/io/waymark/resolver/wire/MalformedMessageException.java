package io.waymark.resolver.wire;

import io.waymark.resolver.message.ResponseCode;

/** Octets that are no message this node can read. Stackless: malformed input is expected and must be cheap. */
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /**
     * @param reason the class of fault, for metrics and for the answer's code
     * @param message what is wrong, naming the value and the bound
     */
    public MalformedMessageException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The class of fault. */
    public Reason reason() {
        return reason;
    }

    /** Classes of fault. */
    public enum Reason {
        /** Shorter than envelope or header. */
        TOO_SHORT("too-short", ResponseCode.PROTOCOL_ERROR),
        /** A protocol version not spoken here. */
        VERSION("version", ResponseCode.OPERATION_NOT_SUPPORTED),
        /** A message length outside its bounds, or that does not fit what came. */
        LENGTH("length", ResponseCode.PROTOCOL_ERROR),
        /** Compressed, or encrypted with a key not known here. */
        ENCODING("encoding", ResponseCode.PROTOCOL_ERROR),
        /** An answer where a request was expected: never answered, or two nodes could talk forever. */
        NOT_A_REQUEST("not-a-request", ResponseCode.PROTOCOL_ERROR),
        /** A body that ends too soon or has a length or count out of bounds. */
        BODY("body", ResponseCode.PROTOCOL_ERROR),
        /** A name that is not UTF-8. */
        NAME("name", ResponseCode.INVALID_HANDLE),
        /** A value that cannot be. */
        VALUE("value", ResponseCode.INVALID_VALUE),
        /** A credential that cannot be read. */
        CREDENTIAL("credential", ResponseCode.INVALID_CREDENTIAL);

        private final String tag;
        private final ResponseCode code;

        Reason(String tag, ResponseCode code) {
            this.tag = tag;
            this.code = code;
        }

        /** The word in metrics. */
        public String tag() {
            return tag;
        }

        /** The code to answer with. */
        public ResponseCode code() {
            return code;
        }
    }
}
