package io.waymark.resolver.upstream;

/** Whether answers of other nodes must be signed with the key in their site record. */
public enum SignaturePolicy {
    /** They must; servers without a key are not asked. */
    REQUIRED,
    /** They must if the site record has a key for the server. */
    KEYED,
    /** They are not asked to sign. */
    IGNORED
}
