/**
 * Who vouches for a record: {@code HS_SIGNATURE} values made with the node's key, and those of anybody verified, together
 * with the {@code HS_CERT} values that say whose keys may sign what. Decisions are pure; {@link
 * io.waymark.resolver.signature.Signatures} carries them out on the workers' threads.
 *
 * @see "RFC 7515 JSON Web Signature"
 * @see "Handle.Net Technical Manual, §13.5 Trusted resolution: HS_SIGNATURE and HS_CERT"
 */
@NullMarked
package io.waymark.resolver.signature;

import org.jspecify.annotations.NullMarked;
