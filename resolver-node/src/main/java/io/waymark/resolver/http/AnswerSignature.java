package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.admin.NodeKey;
import io.waymark.resolver.admin.Proofs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * Signs answers with the node's key, the one its site record shows, as HTTP message signatures: the answer's status, type and
 * body, and what was asked, so that no answer passes for that to another question.
 *
 * <pre>
 * content-digest: sha-256=:…:
 * signature-input: waymark=("@status" "content-type" "content-digest" "@path";req "@query";req);created=1795334400;keyid="…";alg="rsa-v1_5-sha256"
 * signature: waymark=:…:
 * </pre>
 *
 * <p>{@code keyid} is the key's JWK thumbprint (RFC 7638). Answers to what is no GET also cover {@code "@method";req}. Whoever
 * wants proof that an answer is fresh puts a number nobody could foresee into the query, as in {@code &nonce=…}. Strangers
 * can ask for this, and it takes about a millisecond, so it is done where proofs are checked. Safe for any thread.
 *
 * @see "RFC 9421 HTTP Message Signatures, §2.4 and §3.3.2; RFC 9530 Digest Fields"
 */
final class AnswerSignature {
    /** Header fields a page of another origin must be let see to verify an answer. */
    static final String FIELDS = "content-digest, signature-input, signature";

    private static final String LABEL = "waymark";

    private final NodeKey key;
    private final Proofs proofs;
    private final String keyId;
    private final Clock clock;

    AnswerSignature(NodeKey key, Proofs proofs, Clock clock) {
        this.key = key;
        this.proofs = proofs;
        this.keyId = thumbprint(key.publicKey());
        this.clock = clock;
    }

    /** The same answer, signed. Fails with RejectedExecutionException if too many wait for that, of all or of one source. */
    CompletableFuture<WebAnswer> sign(WebRequest request, WebAnswer answer) {
        return proofs.compute(request.connection().address(), () -> signed(request, answer));
    }

    private WebAnswer signed(WebRequest request, WebAnswer answer) {
        String digest = "sha-256=" + binary(sha256(answer.body()));
        boolean get = request.isGet(); // or HEAD, which is answered as GET
        String parameters = "(\"@status\" \"content-type\" \"content-digest\" \"@path\";req \"@query\";req"
                + (get ? "" : " \"@method\";req") + ");created=" + clock.millis() / 1000 + ";keyid=\"" + keyId
                + "\";alg=\"rsa-v1_5-sha256\"";
        String base = "\"@status\": " + answer.status()
                + "\n\"content-type\": " + answer.contentType()
                + "\n\"content-digest\": " + digest
                + "\n\"@path\";req: " + request.rawPath()
                + "\n\"@query\";req: ?" + request.rawQuery()
                + (get ? "" : "\n\"@method\";req: " + request.method())
                + "\n\"@signature-params\": " + parameters;
        return answer.withHeader("content-digest", digest)
                .withHeader("signature-input", LABEL + '=' + parameters)
                .withHeader("signature", LABEL + '=' + binary(key.sign(base.getBytes(StandardCharsets.ISO_8859_1))));
    }

    /** A byte sequence as structured fields write it: RFC 9651 §3.3.5. */
    private static String binary(byte[] octets) {
        return ':' + Base64.getEncoder().encodeToString(octets) + ':';
    }

    private static String thumbprint(byte[] publicKey) {
        try {
            ObjectNode jwk = KeyJson.toJson(publicKey);
            String canonical = "{\"e\":\"" + jwk.path("e").asText() + "\",\"kty\":\"RSA\",\"n\":\""
                    + jwk.path("n").asText() + "\"}";
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(sha256(canonical.getBytes(StandardCharsets.US_ASCII)));
        } catch (MalformedRecordException e) {
            throw new IllegalStateException("the node's key is RSA", e);
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
