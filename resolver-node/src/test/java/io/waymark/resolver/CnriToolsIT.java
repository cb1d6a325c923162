package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.testing.JavaProcess;
import io.waymark.testing.Tool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.cnri.util.StringUtils;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.BootstrapHandles;
import net.handle.hdllib.Common;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.FilesystemConfiguration;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.GsonUtility;
import net.handle.hdllib.HandleRecord;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command-line tools of the reference client, each a process of its own with nothing but a configuration folder that
 * says where the prefix lives.
 */
class CnriToolsIT {
    private static final String SIMPLE = "net.handle.apps.simple.";
    private static final int FIRST_WITHOUT_SECURITY_MANAGER = 24;
    private static final String RSA_ADMIN = "88.118.8/TOOLS";
    private static final String DSA_ADMIN = "88.118.8/OLD.TOOLS";

    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static Path config;
    private static SiteInfo site;

    @BeforeAll
    static void start() throws Exception {
        config = Files.createDirectories(directory.resolve("client-config"));
        System.setProperty("net.handle.configDir", config.toString());
        harness = new NodeHarness(directory).withRecords();
        harness.put(RSA_ADMIN, publicKey("rsa", "RSA"));
        harness.put(DSA_ADMIN, publicKey("dsa", "DSA"));
        harness.put("0.NA/88.118.8", admin(100, "88.118.8/ADMIN"), admin(101, RSA_ADMIN), admin(102, DSA_ADMIN));
        site = site();
        configure();
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    // --- a plant's administrators

    private static HandleValue admin(int index, String handle) {
        return HandleValue.of(index, "HS_ADMIN", new AdminRecord(AdminRecord.ALL, handle, 300).encode(), 0);
    }

    /** Writes the private key where the tools read it, {@code name.priv}; the value holds the public one. */
    private static HandleValue publicKey(String name, String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("DSA") ? 1024 : 2048);
        KeyPair keys = generator.generateKeyPair();
        byte[] secret = Util.encrypt(Util.getBytesFromPrivateKey(keys.getPrivate()), null, Common.ENCRYPT_NONE);
        Files.write(directory.resolve(name + ".priv"), secret);
        return HandleValue.of(300, "HS_PUBKEY", Util.getBytesFromPublicKey(keys.getPublic()), 0);
    }

    private static String key(String name) {
        return directory.resolve(name + ".priv").toString();
    }

    // --- what the tools are told

    private static SiteInfo site() throws Exception {
        HandleResolver resolver = OfflineResolver.create();
        InetSocketAddress tcp = harness.node.handleTcpAddress();
        GenericRequest request = new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null);
        return ((GetSiteInfoResponse) resolver.sendHdlTcpRequest(request, tcp.getAddress(), tcp.getPort())).siteInfo;
    }

    /** Off the Internet: the root the tools know is our node, and they ask nobody for news of it. */
    private static void configure() throws Exception {
        Files.writeString(config.resolve("config.dct"), """
                {
                "auto_update_root_info" = "no"
                "tcp_timeout" = "10000"
                "trace_resolution" = "yes"
                }
                """);
        Files.writeString(directory.resolve("loopback.policy"), """
                grant {
                  permission java.net.SocketPermission "localhost:1-", "connect,accept,listen,resolve";
                  permission java.net.SocketPermission "127.0.0.1:1-", "connect,accept,listen,resolve";
                  permission java.net.SocketPermission "[::1]:1-", "connect,accept,listen,resolve";
                  permission java.io.FilePermission "<<ALL FILES>>", "read,write,delete";
                  permission java.util.PropertyPermission "*", "read,write";
                  permission java.lang.RuntimePermission "*";
                  permission java.lang.reflect.ReflectPermission "*";
                  permission java.security.SecurityPermission "*";
                };
                """);
        Files.writeString(
                config.resolve("bootstrap_handles"), GsonUtility.getGson().toJson(root()));
        // whoever can still find the global root is not started
        assertThat(new FilesystemConfiguration(config.toFile()).getGlobalSites())
                .containsExactly(site);
        Files.write(directory.resolve("siteinfo.bin"), Encoder.encodeSiteInfoRecord(site));
        String json = execute(
                        SIMPLE + "SiteInfoConverter",
                        directory.resolve("siteinfo.bin").toString())
                .output();
        Files.writeString(config.resolve("local_info.json"), "[{\"nas\":[\"0.NA/88.118.8\"],\"site\":" + json + "}]");
    }

    private static net.handle.hdllib.HandleValue[] rootSites() {
        return new net.handle.hdllib.HandleValue[] {
            new net.handle.hdllib.HandleValue(1, Common.SITE_INFO_TYPE, Encoder.encodeSiteInfoRecord(site))
        };
    }

    private static BootstrapHandles root() {
        net.handle.hdllib.HandleValue trust =
                new net.handle.hdllib.HandleValue(301, Common.PUBLIC_KEY_TYPE, site.servers[0].publicKey);
        BootstrapHandles root = new BootstrapHandles(Map.of(
                "0.NA/0.NA", new HandleRecord("0.NA/0.NA", List.of(rootSites())),
                "0.0/0.0", new HandleRecord("0.0/0.0", List.of(trust))));
        root.lastUpdate = System.currentTimeMillis();
        return root;
    }

    private static Tool.Result execute(String main, String... arguments) throws Exception {
        return executeWith(classPath(), config, main, arguments);
    }

    private static Tool.Result executeWith(String classPath, Path configDir, String main, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                JavaProcess.program("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dnet.handle.configDir=" + configDir,
                "-Duser.home=" + configDir.getParent()));
        if (Runtime.version().feature() < FIRST_WITHOUT_SECURITY_MANAGER) {
            // none of their sockets can leave this machine
            command.addAll(List.of(
                    "-Djava.security.manager", "-Djava.security.policy==" + directory.resolve("loopback.policy")));
        }
        command.addAll(List.of("-cp", classPath, main));
        Tool.Result result = Tool.of(command).within(Duration.ofSeconds(30)).run(arguments);
        assertThat(result.said())
                .as("%s talks to nobody else", main)
                .doesNotContainPattern("\\) to (?!127\\.0\\.0\\.1:|\\[?(0:0:0:0:0:0:0:1|::1))");
        return result;
    }

    private static String run(String main, String... arguments) throws Exception {
        return execute(main, arguments).said();
    }

    /** The client's own jars and nothing of ours. */
    private static String classPath() {
        return Stream.of(
                        HandleResolver.class,
                        StringUtils.class,
                        com.google.gson.Gson.class,
                        org.apache.commons.codec.binary.Base64.class)
                .map(CnriToolsIT::jar)
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> stored(String handle) {
        return harness.records.find(new io.waymark.identifier.Handle(handle)).orElse(List.of()).stream()
                .map(v -> v.index() + " " + v.type() + " " + v.dataText())
                .toList();
    }

    // --- the tools

    @Test
    void traceShowsTheRecord() throws Exception {
        assertThat(run(SIMPLE + "HDLTrace", "88.118.8/abc123"))
                .contains("Got Response")
                .contains(NodeHarness.URL)
                .contains("CNC-5A");
        assertThat(run(SIMPLE + "HDLTrace", "88.118.8/none")).contains("HANDLE NOT FOUND");
    }

    @Test
    void showAdminFollowsThePrefixHandle() throws Exception {
        assertThat(run(SIMPLE + "HDLShowAdmin", "88.118.8/ABC123"))
                .contains("responsible auth handle: 0.NA/88.118.8")
                .contains("HS_ADMIN");
    }

    @Test
    void createListAndDeleteWithRsaAndDsaKeys() throws Exception {
        for (String[] who : new String[][] {{RSA_ADMIN, "rsa"}, {DSA_ADMIN, "dsa"}}) {
            String handle = "88.118.8/tool." + who[1];
            String created = run(SIMPLE + "HDLCreate", who[0], "300", key(who[1]), handle);
            assertThat(stored(handle)).as(created).isNotEmpty();
        }
        for (int i = 0; i < 1200; i++) {
            harness.put("88.118.8/listed." + i, HandleValue.text(1, "N", "x", 0));
        }
        String listed = run(SIMPLE + "HDLList", RSA_ADMIN, "300", key("rsa"), "88.118.8");
        assertThat(listed)
                .contains("88.118.8/tool.rsa", "88.118.8/tool.dsa", "88.118.8/listed.0", "88.118.8/listed.1199");

        Path handles = directory.resolve("handles.txt");
        Files.writeString(handles, "88.118.8/tool.rsa\n88.118.8/tool.dsa\n");
        String deleted = run(SIMPLE + "HDLDelete", RSA_ADMIN, "300", key("rsa"), handles.toString());
        assertThat(stored("88.118.8/tool.rsa")).as(deleted).isEmpty();
    }

    @Test
    void homeMakesAPrefixLiveHere() throws Exception {
        InetSocketAddress tcp = harness.node.handleTcpAddress();
        String output = run(
                SIMPLE + "HomeNA",
                RSA_ADMIN,
                "300",
                key("rsa"),
                tcp.getAddress().getHostAddress(),
                Integer.toString(tcp.getPort()),
                "0.NA/88.777");

        assertThat(harness.node.registrar().homedPrefixes()).as(output).contains("88.777");
        assertThat(run(SIMPLE + "HDLTrace", "88.777/x")).contains("HANDLE NOT FOUND");
    }

    @Test
    void convertersReadOurSiteThereAndBack() throws Exception {
        Path json = directory.resolve("site.json");
        Path binary = directory.resolve("site.bin");
        String there = directory.resolve("siteinfo.bin").toString();
        Files.writeString(json, execute(SIMPLE + "SiteInfoConverter", there).output());
        run(SIMPLE + "SiteInfoConverter", json.toString(), "-o", binary.toString());
        assertThat(Files.readAllBytes(binary)).isEqualTo(Encoder.encodeSiteInfoRecord(site));

        Path localInfo = directory.resolve("local_info");
        run(SIMPLE + "LocalInfoConverter", config.resolve("local_info.json").toString(), "-o", localInfo.toString());
        assertThat(run(SIMPLE + "LocalInfoConverter", localInfo.toString())).contains("0.NA/88.118.8", "\"TCP\"");
    }

    @Test
    void batchWithASecretKeyAndWithAnRsaKeyInASession() throws Exception {
        String admin = "100 HS_ADMIN 86400 1110 ADMIN 300:111111111111:88.118.8/ADMIN\n";
        String bySecret = run(
                "net.handle.apps.batch.GenericBatch",
                file(
                                "secret.batch",
                                "AUTHENTICATE SECKEY:300:88.118.8/ADMIN\n" + NodeHarness.SECRET + "\n\n"
                                        + "CREATE 88.118.8/batch.1\n" + admin
                                        + "1 URL 86400 1110 UTF8 https://a.example/1\n\n"
                                        + "ADD 88.118.8/batch.1\n2 EMAIL 86400 1110 UTF8 a@a.example\n\n"
                                        + "MODIFY 88.118.8/batch.1\n1 URL 86400 1110 UTF8 https://a.example/2\n\n"
                                        + "REMOVE 2:88.118.8/batch.1\n\n"
                                        + "CREATE 88.118.8/batch.2\n" + admin + "\n"
                                        + "DELETE 88.118.8/batch.2\n\n")
                        .toString());
        assertThat(bySecret).contains("Successes/Total Entries: 6/6");
        assertThat(stored("88.118.8/batch.1"))
                .contains("1 URL https://a.example/2")
                .hasSize(2);

        String byKey = run(
                "net.handle.apps.batch.GenericBatch",
                file(
                                "key.batch",
                                "AUTHENTICATE PUBKEY:300:" + RSA_ADMIN + "\n" + key("rsa") + "|\n\n"
                                        + "CREATE 88.118.8/batch.3\n1 URL 86400 1110 UTF8 https://a.example/3\n\n"
                                        + "CREATE 88.118.8/batch.3\n1 URL 86400 1110 UTF8 https://a.example/3\n\n")
                        .toString());
        assertThat(byKey).contains("Successes/Total Entries: 1/2").contains("FAILURE");
        assertThat(stored("88.118.8/batch.3")).containsExactly("1 URL https://a.example/3");
    }

    @Test
    void theClientOf2007ResolvesAndAdministers() throws Exception {
        // no dependency of the tests: its classes have the names of the new ones
        Path jar = Path.of("target", "clients", "handle-6.2.jar").toAbsolutePath();
        assertThat(jar).exists();
        Path old = Files.createDirectories(directory.resolve("old-home").resolve(".handle"));
        Files.write(old.resolve("root_info"), Encoder.encodeGlobalValues(rootSites()));
        Files.write(old.resolve("resolver_site"), Encoder.encodeSiteInfoRecord(site));
        Files.writeString(old.resolve("local_nas"), "0.NA/88.118.8\n");
        assertThat(executeWith(jar.toString(), old, SIMPLE + "HDLTrace", "88.118.8/abc123")
                        .said())
                .contains(NodeHarness.URL);
        String created = executeWith(
                        jar.toString(), old, SIMPLE + "HDLCreate", DSA_ADMIN, "300", key("dsa"), "88.118.8/old.1")
                .said();
        assertThat(stored("88.118.8/old.1")).as(created).isNotEmpty();
        Path batch = file(
                "old.batch",
                "AUTHENTICATE SECKEY:300:88.118.8/ADMIN\n" + NodeHarness.SECRET + "\n\nDELETE 88.118.8/old.1\n\n");
        assertThat(executeWith(jar.toString(), old, "net.handle.apps.batch.GenericBatch", batch.toString())
                        .said())
                .as("sessions of 2.2 can be replayed")
                .contains("Error(501)");
    }

    private static Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
