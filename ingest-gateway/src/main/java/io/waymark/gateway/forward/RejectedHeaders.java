package io.waymark.gateway.forward;

/** Headers of a rejected record beside those it had or would have had. */
public final class RejectedHeaders {
    /** Why, a word. */
    public static final String REASON = "wm_reason";
    /** Why, a sentence. */
    public static final String DETAIL = "wm_detail";
    /** The {@code ce_source} of the gateway that rejected it. */
    public static final String REJECTED_BY = "wm_rejected_by";
    /** How long the payload was, where it is cut. */
    public static final String OCTETS = "wm_octets";

    private RejectedHeaders() {}
}
