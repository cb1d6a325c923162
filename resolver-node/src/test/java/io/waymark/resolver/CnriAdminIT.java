package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.resolver.admin.HandleKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.AdminRecord;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.ClientSessionTracker;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.ListHandlesRequest;
import net.handle.hdllib.ListHandlesResponse;
import net.handle.hdllib.ListNAsRequest;
import net.handle.hdllib.ListNAsResponse;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.PublicKeyAuthenticationInfo;
import net.handle.hdllib.RemoveValueRequest;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.SessionSetupInfo;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import net.handle.hdllib.VerifyAuthRequest;
import net.handle.hdllib.VerifyAuthResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference client of the Handle System, unmodified, administers handles: with a session, as it does by default, and without. */
class CnriAdminIT {
    private static final String ADMIN = NodeHarness.PREFIX + "/ADMIN";

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static SiteInfo site;

    @BeforeAll
    static void start() throws Exception {
        harness = new NodeHarness(directory).withRecords();
        AbstractResponse response = client(false)
                .sendHttpRequest(
                        new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null),
                        harness.node.httpAddress().getAddress(),
                        harness.node.httpAddress().getPort());
        site = ((GetSiteInfoResponse) response).siteInfo;
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private static HandleResolver client(boolean session) {
        HandleResolver resolver = OfflineResolver.create();
        if (!session) {
            resolver.setSessionTracker(null);
        }
        if (site != null) {
            resolver.getConfiguration().setLocalSites("0.NA/" + NodeHarness.PREFIX, new SiteInfo[] {site});
        }
        return resolver;
    }

    private static AuthenticationInfo secret(String secret) {
        return new SecretKeyAuthenticationInfo(Util.encodeString(ADMIN), 300, secret.getBytes(StandardCharsets.UTF_8));
    }

    private static AuthenticationInfo secret() {
        return secret(NodeHarness.SECRET);
    }

    private static HandleValue value(int index, String type, String data) {
        return new HandleValue(index, Util.encodeString(type), Util.encodeString(data));
    }

    private static HandleValue adminValue(String handle, int index) {
        AdminRecord admin = new AdminRecord(
                Util.encodeString(handle),
                index,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true,
                true);
        return new HandleValue(100, Util.encodeString("HS_ADMIN"), Encoder.encodeAdminRecord(admin));
    }

    private static int send(HandleResolver client, AbstractRequest request) throws Exception {
        return client.processRequest(request).responseCode;
    }

    private static String data(HandleResolver client, String handle, int index) throws Exception {
        HandleValue[] values = client.resolveHandle(handle, null, new int[] {index});
        return values[0].getDataAsString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void createsChangesAndDeletes(boolean session) throws Exception {
        HandleResolver client = client(session);
        byte[] handle = Util.encodeString("88.118.8/made-" + session);
        HandleValue[] values = {value(1, "URL", "https://a.example/"), adminValue(ADMIN, 300)};

        assertThat(send(client, new CreateHandleRequest(handle, values, secret())))
                .isEqualTo(1);
        assertThat(send(client, new CreateHandleRequest(handle, values, secret())))
                .isEqualTo(101);
        assertThat(send(client, new AddValueRequest(handle, value(2, "NOTE", "first"), secret())))
                .isEqualTo(1);
        assertThat(send(client, new AddValueRequest(handle, value(2, "NOTE", "again"), secret())))
                .isEqualTo(201);
        assertThat(send(client, new ModifyValueRequest(handle, value(2, "NOTE", "second"), secret())))
                .isEqualTo(1);
        assertThat(data(client, "88.118.8/MADE-" + session, 2)).isEqualTo("second");
        assertThat(send(client, new RemoveValueRequest(handle, 2, secret()))).isEqualTo(1);
        assertThat(client.resolveHandle(Util.decodeString(handle))).hasSize(2);
        assertThat(send(client, new DeleteHandleRequest(handle, secret()))).isEqualTo(1);
        assertThat(send(client, new ResolutionRequest(handle, null, null, null)))
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesAWrongSecret(boolean session) throws Exception {
        byte[] handle = Util.encodeString("88.118.8/forged-" + session);
        HandleValue[] values = {value(1, "URL", "https://a.example/")};
        CreateHandleRequest request = new CreateHandleRequest(handle, values, secret("guess"));

        assertThat(send(client(session), request)).isEqualTo(403);
        assertThat(send(client(false), new ResolutionRequest(handle, null, null, null)))
                .isEqualTo(100);
    }

    @Test
    void authenticatesOncePerSession() throws Exception {
        HandleResolver client = client(true);
        double before = harness.count("waymark.resolver.requests", "outcome", "authentication-needed");
        for (int i = 0; i < 5; i++) {
            HandleValue[] values = {value(1, "N", "x")};
            assertThat(send(client, new CreateHandleRequest(Util.encodeString("88.118.8/s" + i), values, secret())))
                    .isEqualTo(1);
        }

        assertThat(harness.count("waymark.resolver.requests", "outcome", "authentication-needed"))
                .isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersSignedAdministration(boolean session) throws Exception {
        HandleValue[] values = {value(1, "N", "x")};
        CreateHandleRequest request =
                new CreateHandleRequest(Util.encodeString("88.118.8/certified-" + session), values, secret());
        request.certify = true;
        request.returnRequestDigest = true;

        AbstractResponse response = client(session).processRequest(request); // throws if it does not verify

        assertThat(response.responseCode).as("%s", response).isEqualTo(1);
    }

    @Test
    void knowsAdministratorsByPublicKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        RSAPublicKey publicKey = (RSAPublicKey) keys.getPublic();
        harness.put(
                "88.118.8/BOB",
                io.waymark.identifier.handle.HandleValue.of(
                        7,
                        "HS_PUBKEY",
                        HandleKeys.encode(HandleKeys.RSA, publicKey.getPublicExponent(), publicKey.getModulus()),
                        0));
        AuthenticationInfo bob =
                new PublicKeyAuthenticationInfo(Util.encodeString("88.118.8/BOB"), 7, keys.getPrivate());
        HandleValue[] values = {value(1, "N", "x"), adminValue("88.118.8/BOB", 7)};
        byte[] handle = Util.encodeString("88.118.8/bobs");

        assertThat(send(client(true), new CreateHandleRequest(handle, values, bob)))
                .as("nobody said bob may create")
                .isEqualTo(400);
        assertThat(send(client(true), new CreateHandleRequest(handle, values, secret())))
                .isEqualTo(1);
        assertThat(send(client(true), new AddValueRequest(handle, value(2, "N", "y"), bob)))
                .isEqualTo(1);
        assertThat(send(client(false), new DeleteHandleRequest(handle, bob))).isEqualTo(1);
    }

    @Test
    void listsThePrefixesHandles() throws Exception {
        for (int i = 0; i < 1100; i++) {
            harness.put("88.118.8/list-" + i, io.waymark.identifier.handle.HandleValue.text(1, "N", "x", 0));
        }
        List<String> names = new ArrayList<>();
        ListHandlesRequest request = new ListHandlesRequest(Util.encodeString("0.NA/88.118.8"), secret());

        AbstractResponse response = client(true)
                .sendRequestToSite(request, site, net.handle.hdllib.Interface.SP_HDL_TCP, part -> {
                    if (part instanceof ListHandlesResponse list) {
                        for (byte[] name : list.handles) {
                            names.add(Util.decodeString(name));
                        }
                    }
                });

        assertThat(response.responseCode).isEqualTo(1);
        assertThat(names).contains("88.118.8/ABC123", "88.118.8/list-1099").doesNotHaveDuplicates();
        assertThat(names.size()).isGreaterThan(1100);
    }

    @Test
    void showsHiddenValuesToAdministrators() throws Exception {
        ResolutionRequest request =
                new ResolutionRequest(Util.encodeString("88.118.8/secretive"), null, null, secret());
        request.ignoreRestrictedValues = false;

        AbstractResponse response = client(true).processRequest(request);

        assertThat(response.responseCode).isEqualTo(1);
        assertThat(((ResolutionResponse) response).getHandleValues())
                .extracting(HandleValue::getDataAsString)
                .contains("staff only");
    }

    private static AbstractResponse overTcp(HandleResolver client, AbstractRequest request) throws Exception {
        return client.sendRequestToSite(request, site, net.handle.hdllib.Interface.SP_HDL_TCP);
    }

    private static AbstractRequest prefixRequest(int opCode, String prefix, AuthenticationInfo by) {
        return new GenericRequest(Util.encodeString("0.NA/" + prefix), opCode, by);
    }

    private static List<String> homed(AuthenticationInfo by) throws Exception {
        AbstractResponse response = overTcp(client(false), new ListNAsRequest(Util.encodeString("/"), by));
        assertThat(response.responseCode).isEqualTo(1);
        return java.util.Arrays.stream(((ListNAsResponse) response).handles)
                .map(Util::decodeString)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void homesAndUnhomesPrefixesForTheNodesOwnAdministrators(boolean session) throws Exception {
        String prefix = "88.999." + session;
        AuthenticationInfo root = new SecretKeyAuthenticationInfo(
                Util.encodeString("88.118.8/ROOT"), 300, NodeHarness.ROOT_SECRET.getBytes(StandardCharsets.UTF_8));
        HandleResolver client = client(session);
        client.getConfiguration().setLocalSites("0.NA/" + prefix, new SiteInfo[] {site});
        AbstractRequest home = prefixRequest(AbstractMessage.OC_HOME_NA, prefix, root);

        assertThat(overTcp(client, prefixRequest(AbstractMessage.OC_HOME_NA, prefix, secret())).responseCode)
                .as("administers a prefix, not the node")
                .isEqualTo(400);
        assertThat(homed(root)).doesNotContain("0.NA/" + prefix);
        assertThat(overTcp(client, home).responseCode).isEqualTo(1);
        assertThat(homed(root)).contains("0.NA/" + prefix, "0.NA/88.118.8");
        byte[] handle = Util.encodeString(prefix + "/first");
        assertThat(send(client, new CreateHandleRequest(handle, new HandleValue[] {value(1, "N", "x")}, root)))
                .isEqualTo(1);
        AbstractRequest unhome = prefixRequest(AbstractMessage.OC_UNHOME_NA, prefix, root);
        assertThat(overTcp(client, unhome).responseCode).as("it has a handle").isEqualTo(101);
        assertThat(send(client, new DeleteHandleRequest(handle, root))).isEqualTo(1);
        assertThat(overTcp(client, prefixRequest(AbstractMessage.OC_UNHOME_NA, prefix, root)).responseCode)
                .isEqualTo(1);
        assertThat(homed(root)).doesNotContain("0.NA/" + prefix);
        assertThat(overTcp(client, prefixRequest(AbstractMessage.OC_UNHOME_NA, prefix, root)).responseCode)
                .isEqualTo(301);
    }

    @Test
    void encryptsInSessionsBothWays() throws Exception {
        HandleResolver client = client(true);
        client.setSessionTracker(new ClientSessionTracker(new SessionSetupInfo()));
        byte[] handle = Util.encodeString("88.118.8/sealed");
        CreateHandleRequest request = new CreateHandleRequest(handle, new HandleValue[] {value(1, "N", "x")}, secret());
        request.encrypt = true;
        ResolutionRequest hidden = new ResolutionRequest(Util.encodeString("88.118.8/secretive"), null, null, secret());
        hidden.ignoreRestrictedValues = false;
        hidden.encrypt = true;
        hidden.certify = true;

        assertThat(send(client, request)).isEqualTo(1);
        AbstractResponse response = client.processRequest(hidden);

        assertThat(response.encrypt).isTrue();
        assertThat(((ResolutionResponse) response).getHandleValues())
                .extracting(HandleValue::getDataAsString)
                .contains("staff only");
    }

    @Test
    void tellsOtherServersWhetherASecretFits() throws Exception {
        byte[] nonce = {1, 2, 3, 4};
        byte[] digest = {9, 8, 7};
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] key = NodeHarness.SECRET.getBytes(StandardCharsets.UTF_8);
        for (byte[] part : new byte[][] {key, nonce, digest, key}) {
            sha1.update(part);
        }
        byte[] answer = Util.concat(new byte[] {2}, sha1.digest());

        assertThat(verifies(ADMIN, 300, nonce, digest, answer)).isTrue();
        assertThat(verifies(ADMIN, 300, nonce, nonce, answer)).isFalse();
        assertThat(verifies(ADMIN, 301, nonce, digest, answer)).isFalse();
        assertThat(verifies("88.118.8/NOBODY", 300, nonce, digest, answer)).isFalse();
        AbstractResponse elsewhere = overTcp(
                client(false),
                new VerifyAuthRequest(Util.encodeString("10.1/X"), nonce, digest, (byte) 2, answer, 300, null));
        assertThat(elsewhere.responseCode).isEqualTo(301);
    }

    private static boolean verifies(String handle, int index, byte[] nonce, byte[] digest, byte[] answer)
            throws Exception {
        VerifyAuthRequest request =
                new VerifyAuthRequest(Util.encodeString(handle), nonce, digest, (byte) 2, answer, index, null);
        request.certify = true;
        AbstractResponse response = overTcp(client(false), request);
        assertThat(response.responseCode).isEqualTo(1);
        return ((VerifyAuthResponse) response).isValid;
    }
}
