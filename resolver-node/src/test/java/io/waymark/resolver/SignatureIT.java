package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.handle.hdllib.Common;
import net.handle.hdllib.Util;
import net.handle.hdllib.trust.ChainBuilder;
import net.handle.hdllib.trust.ChainVerificationReport;
import net.handle.hdllib.trust.ChainVerifier;
import net.handle.hdllib.trust.HandleClaimsSet;
import net.handle.hdllib.trust.HandleVerifier;
import net.handle.hdllib.trust.IssuedSignature;
import net.handle.hdllib.trust.JsonWebSignature;
import net.handle.hdllib.trust.JsonWebSignatureFactory;
import net.handle.hdllib.trust.ValuesSignatureVerificationReport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records signed by the node, verified by the Handle System's own client, which knows nothing of us. */
class SignatureIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        harness = new NodeHarness(directory).withRecords();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private HttpResponse<String> sign(String handleAndQuery) throws Exception {
        return client.send(
                HttpRequest.newBuilder(harness.http("/api/signatures/" + handleAndQuery))
                        .POST(BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + NodeHarness.TOKEN)
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode verify(String handle) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(harness.http("/api/signatures/" + handle))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return JSON.readTree(response.body()).path("signatures");
    }

    @Test
    void aStrangersClientVerifiesTheSignatureAndFindsWhoseItIs() throws Exception {
        assertThat(sign("88.118.8/ABC123").statusCode()).isEqualTo(200);

        CnriClient stranger = new CnriClient(harness);
        List<net.handle.hdllib.HandleValue> record = stranger.resolve("88.118.8/ABC123");
        JsonWebSignature signature = signatureIn(record);
        List<IssuedSignature> chain = new ChainBuilder(stranger.resolver()).buildChain(signature);
        ChainVerificationReport report = new ChainVerifier(List.of()).verifyValues("88.118.8/ABC123", record, chain);

        assertThat(chain).hasSize(2);
        assertThat(report.valuesReport.canTrust()).isTrue();
        assertThat(report.valuesReport.correctHandle).isTrue();
        assertThat(report.valuesReport.verifiedValues).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(report.valuesReport.badDigestValues).isEmpty();
        assertThat(report.valuesReport.missingValues).isEmpty();
        assertThat(report.issuedSignatureVerificationReports)
                .allMatch(r -> r.canTrustAndAuthorized(), "may sign for the handle");
    }

    @Test
    void theIssuersKeyIsTheNodesKeyInThePrefixHandle() throws Exception {
        sign("88.118.8/TEA");

        CnriClient stranger = new CnriClient(harness);
        List<net.handle.hdllib.HandleValue> record = stranger.resolve("88.118.8/TEA");
        JsonWebSignature signature = signatureIn(record);
        HandleClaimsSet claims = HandleVerifier.getInstance().getHandleClaimsSet(signature);
        PublicKey key =
                Util.getPublicKeyFromBytes(stranger.value("0.NA/88.118.8", 300).getData());
        PublicKey siteKey = stranger.serverKey();
        ValuesSignatureVerificationReport report =
                HandleVerifier.getInstance().verifyValues("88.118.8/TEA", record, signature, key);

        assertThat(claims.iss).isEqualTo("300:0.NA/88.118.8");
        assertThat(claims.sub).isEqualTo("88.118.8/TEA");
        assertThat(claims.exp - claims.iat).isEqualTo(366L * 86_400);
        assertThat(key).isEqualTo(siteKey);
        assertThat(report.signatureVerifies).isTrue();
        assertThat(report.dateInRange).isTrue();
    }

    @Test
    void aChangeIsSeenByTheNodeAndByTheStranger() throws Exception {
        harness.put(
                "88.118.8/tampered",
                HandleValue.text(1, "URL", "https://a.example/", 0),
                HandleValue.text(2, "NOTE", "x", 0));
        sign("88.118.8/tampered");
        HandleValue signature =
                harness.records.find(new io.waymark.identifier.Handle("88.118.8/tampered")).orElseThrow().stream()
                        .filter(v -> v.index() == 400)
                        .findFirst()
                        .orElseThrow();
        harness.put(
                "88.118.8/tampered",
                HandleValue.text(1, "URL", "https://b.example/", 0),
                HandleValue.text(3, "NOTE", "new", 0),
                signature);

        JsonNode report = verify("88.118.8/tampered").path(0);

        assertThat(report.path("good").booleanValue()).isFalse();
        assertThat(report.path("changed").toString()).isEqualTo("[1]");
        assertThat(report.path("missing").toString()).isEqualTo("[2]");
        assertThat(report.path("unsigned").toString()).isEqualTo("[3]");
        assertThat(report.path("faults").toString()).contains("value 1 has changed", "value 2 is gone");
        CnriClient stranger = new CnriClient(harness);
        List<net.handle.hdllib.HandleValue> record = stranger.resolve("88.118.8/tampered");
        ValuesSignatureVerificationReport theirs = HandleVerifier.getInstance()
                .verifyValues("88.118.8/tampered", record, signatureIn(record), stranger.serverKey());
        assertThat(theirs.badDigestValues).containsExactly(1);
        assertThat(theirs.missingValues).containsExactly(2);
    }

    @Test
    void signingAgainReplacesTheSignatureAndTakesTheRecordAsItIs() throws Exception {
        harness.put("88.118.8/again", HandleValue.text(1, "URL", "https://a.example/", 0));
        sign("88.118.8/again");
        sign("88.118.8/again?days=30");

        JsonNode reports = verify("88.118.8/again");

        assertThat(reports).hasSize(1);
        assertThat(reports.path(0).path("good").booleanValue()).isTrue();
        assertThat(reports.path(0).path("index").intValue()).isEqualTo(400);
        assertThat(reports.path(0).path("verified").toString()).isEqualTo("[1]");
    }

    @Test
    void signsNamedValuesOnlyAndNeverSecretOnes() throws Exception {
        sign("88.118.8/secretive");
        assertThat(verify("88.118.8/secretive").path(0).path("verified").toString())
                .isEqualTo("[1]");
        assertThat(sign("88.118.8/secretive?index=7").statusCode()).isEqualTo(400);

        harness.put("88.118.8/some", HandleValue.text(1, "A", "a", 0), HandleValue.text(2, "B", "b", 0));
        sign("88.118.8/some?index=2");
        JsonNode report = verify("88.118.8/some").path(0);
        assertThat(report.path("verified").toString()).isEqualTo("[2]");
        assertThat(report.path("unsigned").toString()).isEqualTo("[1]");
        assertThat(report.path("good").booleanValue()).isTrue();
    }

    @Test
    void anAdministratorSignsWhatHeMayChangeAndNothingElse() throws Exception {
        harness.put(
                "88.118.8/his",
                HandleValue.text(1, "A", "a", 0),
                HandleValue.of(100, "HS_ADMIN", new AdminRecord(AdminRecord.ALL, "88.118.8/ADMIN", 300).encode(), 0));
        harness.put(
                "88.118.8/anothers",
                HandleValue.text(1, "A", "a", 0),
                HandleValue.of(100, "HS_ADMIN", new AdminRecord(AdminRecord.ALL, "88.118.8/OTHER", 300).encode(), 0));
        String key = Base64.getEncoder()
                .encodeToString(("300%3A88.118.8/ADMIN:" + NodeHarness.SECRET).getBytes(StandardCharsets.UTF_8));
        HttpClient tls =
                HttpClient.newBuilder().sslContext(TrustingEverybody.context()).build();

        assertThat(signAs(tls, "88.118.8/his", key).statusCode()).isEqualTo(200);
        assertThat(verify("88.118.8/his").path(0).path("good").booleanValue()).isTrue();
        assertThat(signAs(tls, "88.118.8/anothers", key).statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> signAs(HttpClient tls, String handle, String basic) throws Exception {
        String address = "https://127.0.0.1:" + harness.node.httpAddress().getPort() + "/api/signatures/" + handle;
        return tls.send(
                HttpRequest.newBuilder(URI.create(address))
                        .POST(BodyPublishers.noBody())
                        .header("Authorization", "Basic " + basic)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void signsThePrefixHandleItself() throws Exception {
        assertThat(sign("0.NA/88.118.8").statusCode()).isEqualTo(200);

        assertThat(verify("0.NA/88.118.8").path(0).path("good").booleanValue()).isTrue();
    }

    @Test
    void refusesWhoMayNotAndWhatIsNotThere() throws Exception {
        HttpResponse<String> anybody = client.send(
                HttpRequest.newBuilder(harness.http("/api/signatures/88.118.8/ABC123"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(anybody.statusCode()).isEqualTo(401);
        assertThat(sign("88.118.8/nowhere").statusCode()).isEqualTo(404);
        assertThat(sign("10.999/x").body()).contains("\"responseCode\":301");
        assertThat(sign("88.118.8/TEA?days=0").statusCode()).isEqualTo(400);
        assertThat(sign("88.118.8/TEA?days=99999").statusCode()).isEqualTo(400);
        assertThat(verify("88.118.8/TEA.7")).isEmpty();
    }

    private static JsonWebSignature signatureIn(List<net.handle.hdllib.HandleValue> record) throws Exception {
        net.handle.hdllib.HandleValue[] found = Util.filterValues(
                record.toArray(net.handle.hdllib.HandleValue[]::new), null, Common.HS_SIGNATURE_TYPE_LIST);
        assertThat(Arrays.asList(found)).hasSize(1);
        return JsonWebSignatureFactory.getInstance().deserialize(found[0].getDataAsString());
    }
}
