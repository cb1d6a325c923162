package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.admin.HandleKeys;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.Interface;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients we did not write, administering over HTTPS: curl, and the reference client. */
class RestClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "300%3A88.118.8%2FADMIN";
    private static final String VALUE =
            "{\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":\"https://curl.example/\"}]}";

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

    private static Curl.Result curl(String path, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-k"));
        all.addAll(List.of(arguments));
        all.add("https://127.0.0.1:" + harness.node.httpAddress().getPort() + path);
        return Curl.run(all.toArray(String[]::new));
    }

    // --- curl

    /** As B2HANDLE's Python client does it: look, create, change one value, delete; Basic on every request. */
    @Test
    void administersWithASecret() throws Exception {
        String path = "/api/handles/88.118.8/basic";
        String[] login = {"-u", USER + ":" + NodeHarness.SECRET, "-H", "Content-Type: application/json"};

        assertThat(curl(path, "-u", USER + ":" + NodeHarness.SECRET).status()).isEqualTo(404);
        assertThat(curl(path + "?overwrite=false", with(login, "-X", "PUT", "-d", VALUE))
                        .status())
                .isEqualTo(201);
        assertThat(curl(path + "?overwrite=false", with(login, "-X", "PUT", "-d", VALUE))
                        .status())
                .isEqualTo(409);
        assertThat(curl(
                                path + "?index=2&overwrite=true",
                                with(
                                        login,
                                        "-X",
                                        "PUT",
                                        "-d",
                                        "{\"values\":[{\"index\":2,\"type\":\"N\",\"data\":\"n\"}]}"))
                        .status())
                .isEqualTo(200);
        assertThat(curl(path).body()).contains("curl.example").contains("\"index\":2");
        assertThat(curl(path + "?index=2", with(login, "-X", "DELETE")).status())
                .isEqualTo(200);
        assertThat(curl(path, with(login, "-X", "DELETE")).status()).isEqualTo(200);
        assertThat(curl(path).status()).isEqualTo(404);
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void isAskedForASecretAndGivesIt() throws Exception {
        Curl.Result asked = curl(
                "/api/handles/88.118.8/secretive?publicOnly=false", "--anyauth", "-u", USER + ":" + NodeHarness.SECRET);

        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.body()).contains("staff only");
    }

    @Test
    void administersWithACertificateOfItsKey() throws Exception {
        OpenSsl.Pem pem = OpenSsl.certificate(directory, "client", "rsa:2048", "/CN=301:88.118.8\\/ADMIN");
        OpenSsl.Pem other = OpenSsl.certificate(directory, "thief", "rsa:2048", "/CN=301:88.118.8\\/ADMIN");
        OpenSsl.Pem nameless = OpenSsl.certificate(directory, "nameless", "rsa:2048", "/CN=somebody");
        RSAPublicKey key = (RSAPublicKey) certificate(pem).getPublicKey();
        harness.put(
                "88.118.8/signed",
                HandleValue.text(1, "URL", NodeHarness.URL, 0),
                HandleValue.of(
                        100,
                        "HS_ADMIN",
                        new io.waymark.identifier.handle.AdminRecord(0xfff, "88.118.8/KEYS", 301).encode(),
                        0));
        harness.put(
                "88.118.8/KEYS",
                HandleValue.of(
                        301,
                        "HS_PUBKEY",
                        HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus()),
                        0));
        OpenSsl.Pem his = OpenSsl.certificateOf(directory, "his", pem.key(), "/UID=301:88.118.8\\/KEYS/CN=A worker");

        assertThat(delete(his).status()).isEqualTo(200);
        assertThat(delete(OpenSsl.certificateOf(directory, "fake", other.key(), "/CN=301:88.118.8\\/KEYS"))
                        .status())
                .as("his name and another key")
                .isEqualTo(401);
        assertThat(delete(nameless).status()).isEqualTo(401);
    }

    private static Curl.Result delete(OpenSsl.Pem pem) throws Exception {
        return curl(
                "/api/handles/88.118.8/signed?index=1",
                "--cert",
                pem.certificate().toString(),
                "--key",
                pem.key().toString(),
                "-H",
                "Authorization: Handle clientCert=\"true\"",
                "-X",
                "DELETE");
    }

    private static X509Certificate certificate(OpenSsl.Pem pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem.certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void aCertificateAloneIsNobody() throws Exception {
        OpenSsl.Pem pem = OpenSsl.certificate(directory, "shown", "ec", "/CN=300:88.118.8\\/ADMIN");

        Curl.Result without = curl(
                "/api/handles/88.118.8/ABC123",
                "--cert",
                pem.certificate().toString(),
                "--key",
                pem.key().toString(),
                "-X",
                "DELETE");

        assertThat(without.status()).isEqualTo(401);
        assertThat(curl("/api/handles/88.118.8/ABC123").status()).isEqualTo(200);
    }

    // --- a proof with a private key, for the challenge of a refusal

    @Test
    void answersTheChallengeOfARefusalWithItsPrivateKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        harness.put(
                "88.118.8/prover",
                HandleValue.of(
                        300,
                        "HS_PUBKEY",
                        HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus()),
                        0));
        String refusal =
                curl("/api/handles/88.118.8/prover?publicOnly=false", "-i").body();
        String session = found(refusal, "sessionId=\"([^\"]+)\"");
        byte[] nonce = Base64.getDecoder().decode(found(refusal, " nonce=\"([^\"]+)\""));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(nonce);
        signature.update(WebProofs.cnonce());
        String header = "Authorization: Handle sessionId=\"" + session
                + "\", id=\"0%3A88.118.8/prover\", type=\"HS_PUBKEY\", alg=\"SHA256\", cnonce=\""
                + WebProofs.base64(WebProofs.cnonce()) + "\", signature=\""
                + WebProofs.base64(signature.sign()) + '"';

        Curl.Result proven = curl("/api/sessions/this", "-X", "PUT", "-H", header);

        assertThat(proven.status()).as(proven.body()).isEqualTo(200);
        JsonNode state = JSON.readTree(proven.body());
        assertThat(state.path("id").textValue()).isEqualTo("300:88.118.8/prover");
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    // --- the description

    /** An address or method that is described is there; what it answers depends on who asks. */
    @Test
    void theDescriptionTellsOfNothingThatIsNotThere() throws Exception {
        JsonNode paths = JSON.readTree(curl("/api/openapi.json").body()).path("paths");
        assertThat(paths).hasSizeGreaterThan(8);
        for (var path : paths.properties()) {
            String address = path.getKey()
                    .replace("{handle}", "88.118.8/ABC123")
                    .replace("{prefix}", "88.118.8")
                    .replace("{id}", "300:88.118.8/ADMIN");
            for (var operation : path.getValue().properties()) {
                if (operation.getKey().equals("parameters")) {
                    continue;
                }
                Curl.Result answer = curl(address, "-X", operation.getKey().toUpperCase(java.util.Locale.ROOT));
                assertThat(operation.getValue().path("responses").has(Integer.toString(answer.status())))
                        .as("%s %s answered %d", operation.getKey(), address, answer.status())
                        .isTrue();
            }
        }
    }

    // --- the reference client

    @Test
    void theReferenceClientAdministersOverHttps() throws Exception {
        HandleResolver client = OfflineResolver.create();
        AbstractResponse info = client.sendHttpRequest(
                new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null),
                harness.node.httpAddress().getAddress(),
                harness.node.httpAddress().getPort());
        SiteInfo site = ((GetSiteInfoResponse) info).siteInfo;
        CreateHandleRequest request = new CreateHandleRequest(
                Util.encodeString("88.118.8/over-https"),
                new net.handle.hdllib.HandleValue[] {
                    new net.handle.hdllib.HandleValue(
                            1, Util.encodeString("URL"), Util.encodeString("https://a.example/"))
                },
                new SecretKeyAuthenticationInfo(
                        Util.encodeString("88.118.8/ADMIN"), 300, Util.encodeString(NodeHarness.SECRET)));

        AbstractResponse created = client.sendRequestToSite(request, site, Interface.SP_HDL_HTTPS);

        assertThat(created.responseCode).as("%s", created).isEqualTo(AbstractMessage.RC_SUCCESS);
        assertThat(curl("/api/handles/88.118.8/over-https").body()).contains("https://a.example/");
    }
}
