package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers signed on request, {@code cert}, checked by a verifier that knows RFC 9421 and the node's site record only. */
class CertifiedAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    @TempDir
    static Path directory;

    private static NodeHarness harness;

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    @Test
    void signsAResolutionForWhomeverHasTheSiteRecord() throws Exception {
        HttpResponse<byte[]> answer = get("/api/handles/88.118.8/ABC123?type=URL&cert&nonce=4711");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("values")).hasSize(1);
        assertThat(isVerified(answer, answer.body(), "/api/handles/88.118.8/ABC123", "?type=URL&cert&nonce=4711"))
                .isTrue();
    }

    @Test
    void aSignatureHoldsForThisBodyAndThisQuestionOnly() throws Exception {
        HttpResponse<byte[]> answer = get("/api/handles/88.118.8/ABC123?cert=true");
        byte[] forged = new String(answer.body(), StandardCharsets.UTF_8)
                .replace("plant.example", "evil.example")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(isVerified(answer, answer.body(), "/api/handles/88.118.8/ABC123", "?cert=true"))
                .isTrue();
        assertThat(isVerified(answer, forged, "/api/handles/88.118.8/ABC123", "?cert=true"))
                .isFalse();
        assertThat(isVerified(answer, answer.body(), "/api/handles/88.118.8/OTHER", "?cert=true"))
                .isFalse();
        assertThat(isVerified(answer, answer.body(), "/api/handles/88.118.8/ABC123", "?cert=yes"))
                .isFalse();
    }

    @Test
    void signsWhatIsNotThereAndWhatIsNotAllowed() throws Exception {
        HttpResponse<byte[]> absent = get("/api/handles/88.118.8/none?cert=true");
        HttpResponse<byte[]> list = get("/api/handles?prefix=0.NA/88.118.8&cert=true");

        assertThat(absent.statusCode()).isEqualTo(404);
        assertThat(isVerified(absent, absent.body(), "/api/handles/88.118.8/none", "?cert=true"))
                .isTrue();
        assertThat(list.statusCode()).isEqualTo(401);
        assertThat(isVerified(list, list.body(), "/api/handles", "?prefix=0.NA/88.118.8&cert=true"))
                .isTrue();
    }

    @Test
    void signsScriptsListsAndChangesToo() throws Exception {
        HttpResponse<byte[]> script = get("/api/handles/88.118.8/ABC123?callback=f&cert=true");
        HttpResponse<byte[]> list = send(request("/api/handles?prefix=0.NA/88.118.8&cert=true")
                .header("Authorization", "Bearer " + NodeHarness.TOKEN));
        HttpResponse<byte[]> put = send(request("/api/handles/88.118.8/fresh?cert=true")
                .header("Authorization", "Bearer " + NodeHarness.TOKEN)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("[{\"index\":1,\"type\":\"URL\",\"data\":\"https://fresh.example\"}]")));

        assertThat(new String(script.body(), StandardCharsets.UTF_8)).startsWith("f(");
        assertThat(isVerified(script, script.body(), "/api/handles/88.118.8/ABC123", "?callback=f&cert=true"))
                .isTrue();
        assertThat(isVerified(list, list.body(), "/api/handles", "?prefix=0.NA/88.118.8&cert=true"))
                .isTrue();
        assertThat(put.statusCode()).isEqualTo(201);
        assertThat(isVerified(put, put.body(), "/api/handles/88.118.8/fresh", "?cert=true"))
                .isTrue();
    }

    @Test
    void theParametersOfAFormCountToo() throws Exception {
        HttpResponse<byte[]> answer = send(request("/api/handles/88.118.8/ABC123")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("type=URL&cert=true")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(isVerified(answer, answer.body(), "/api/handles/88.118.8/ABC123", "?"))
                .isTrue();
    }

    @Test
    void nothingIsSignedUnasked() throws Exception {
        for (String query : List.of("", "?type=URL", "?cert=false")) {
            HttpResponse<byte[]> answer = get("/api/handles/88.118.8/ABC123" + query);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map()).doesNotContainKeys("signature", "signature-input", "content-digest");
        }
    }

    @Test
    void pagesOfOtherOriginsMayVerifyToo() throws Exception {
        HttpResponse<byte[]> answer = get("/api/handles/88.118.8/ABC123?cert=true");

        assertThat(answer.headers().firstValue("access-control-expose-headers"))
                .hasValueSatisfying(
                        fields -> assertThat(fields).contains("content-digest", "signature-input", "signature"));
    }

    // --- the client

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(harness.http(target)).timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<byte[]> get(String target) throws Exception {
        return send(request(target));
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    // --- the verifier

    private static final Pattern INPUT =
            Pattern.compile("waymark=(\\(([^)]*)\\);created=([0-9]+);keyid=\"([^\"]+)\";alg=\"rsa-v1_5-sha256\")");

    /** RFC 9421 §3.2, with the components in the order the signature names them. */
    private static boolean isVerified(HttpResponse<byte[]> answer, byte[] body, String path, String query)
            throws Exception {
        String digest = "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(body)) + ':';
        if (!header(answer, "content-digest").equals(digest)) {
            return false;
        }
        Matcher input = INPUT.matcher(header(answer, "signature-input"));
        assertThat(input.matches()).as(header(answer, "signature-input")).isTrue();
        assertThat(Instant.ofEpochSecond(Long.parseLong(input.group(3))))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        List<String> lines = new ArrayList<>();
        for (String component : input.group(2).split(" ")) {
            lines.add(component + ": " + component(answer, component, path, query));
        }
        assertThat(lines).hasSizeGreaterThanOrEqualTo(5);
        lines.add("\"@signature-params\": " + input.group(1));
        JsonNode key = siteKey();
        assertThat(input.group(4)).isEqualTo(thumbprint(key));
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(publicKey(key));
        verifier.update(String.join("\n", lines).getBytes(StandardCharsets.US_ASCII));
        String signature = header(answer, "signature");
        assertThat(signature).startsWith("waymark=:").endsWith(":");
        return verifier.verify(Base64.getDecoder().decode(signature.substring(9, signature.length() - 1)));
    }

    private static String component(HttpResponse<byte[]> answer, String component, String path, String query) {
        return switch (component) {
            case "\"@status\"" -> Integer.toString(answer.statusCode());
            case "\"@path\";req" -> path;
            case "\"@query\";req" -> query;
            case "\"@method\";req" -> answer.request().method();
            default -> header(answer, component.replace("\"", "").toLowerCase(Locale.ROOT));
        };
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static JsonNode siteKey() throws Exception {
        URI site = harness.http("/api/site");
        HttpResponse<byte[]> answer = CLIENT.send(HttpRequest.newBuilder(site).build(), BodyHandlers.ofByteArray());
        return JSON.readTree(answer.body()).at("/site/servers/0/publicKey/value");
    }

    private static PublicKey publicKey(JsonNode jwk) throws Exception {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    }

    private static BigInteger number(JsonNode jwk, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(name).asText()));
    }

    private static String thumbprint(JsonNode jwk) throws Exception {
        String canonical = String.format(
                "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
                jwk.path("e").asText(), jwk.path("n").asText());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
}
