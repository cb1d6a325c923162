package io.waymark.platform.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waymark.platform.Distribution;
import io.waymark.platform.ServeProcess;
import io.waymark.testing.Http;
import io.waymark.testing.Tool;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.AdminRecord;
import net.handle.hdllib.AuthenticationInfo;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Interface;
import net.handle.hdllib.ModifyValueRequest;
import net.handle.hdllib.RemoveValueRequest;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.SecretKeyAuthenticationInfo;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that others wrote, unmodified, against one node. */
class ClientsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PREFIX = "88.118.8";
    private static final String SECRET = "three cups of Rougui";
    private static final int SUCCESS = AbstractMessage.RC_SUCCESS;
    private static final int TIMEOUT_MILLIS = 30_000;

    @TempDir
    static Path dir;

    private static ServeProcess serve;
    private static NodeDoor door;
    private static SiteInfo site;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty(
                "net.handle.configDir", dir.resolve("no-client-config").toString());
        serve = ServeProcess.start(dir.resolve("data"), Map.of());
        door = new NodeDoor(serve);
        Tool.Result added = Distribution.waymark()
                .runWithInput(
                        SECRET + "\n",
                        "prefix",
                        "add",
                        PREFIX,
                        "--secret-stdin",
                        "--data",
                        serve.data().toString());
        assertThat(added.exitCode()).as(added.errors()).isZero();
        assertThat(added.output()).contains("300:" + PREFIX + "/ADMIN").doesNotContain(SECRET);
        site = siteOfTheNode();
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    // ---- mosquitto and kcat

    private static String[] mqtt(String device, String password, String... more) {
        String port = Integer.toString(serve.address("mqtt").getPort());
        Stream<String> who = Stream.of("-h", "127.0.0.1", "-p", port, "-i", device, "-u", device, "-P", password);
        return Stream.concat(who, Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void mosquittoPublishesAndSubscribesAndKcatReads() {
        Tool publisher = Tool.onPath("mosquitto_pub", "mosquitto-clients");
        Tool subscriber = Tool.onPath("mosquitto_sub", "mosquitto-clients");
        String password = door.createDevice("press-7");
        String listening = door.createDevice("screen-1");
        double before = door.metric("waymark_gateway_subscriptions");
        try (Tool.Running screen = subscriber.start(
                "",
                mqtt("screen-1", listening, "-V", "5", "-t", "hall/#", "-q", "2", "-C", "3", "-F", "%t %q %p %P"))) {
            await().atMost(PATIENCE).until(() -> door.metric("waymark_gateway_subscriptions") > before);
            publish(publisher, mqtt("press-7", password, "-t", "hall/press", "-q", "1", "-m", "one"));
            publish(publisher, mqtt("press-7", password, "-t", "hall/press", "-q", "2", "-m", "two"));
            String[] withProperty = {
                "-D", "publish", "user-property", "line", "seven", "-D", "publish", "content-type", "text/plain"
            };
            publish(
                    publisher,
                    Stream.concat(
                                    Stream.of(mqtt(
                                            "press-7",
                                            password,
                                            "-V",
                                            "5",
                                            "-t",
                                            "hall/press",
                                            "-q",
                                            "1",
                                            "-m",
                                            "three")),
                                    Stream.of(withProperty))
                            .toArray(String[]::new));
            assertThat(screen.await().output().lines().map(String::strip))
                    // QoS 2 takes two round trips, so what comes behind it may be shown first; Kafka has their order.
                    .containsExactlyInAnyOrder("hall/press 1 one", "hall/press 2 two", "hall/press 1 three line:seven");
        }
        kcatReads();
    }

    private static void publish(Tool publisher, String... arguments) {
        Tool.Result result = publisher.run(arguments);
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    private static void kcatReads() {
        Tool kcat = Tool.onPath("kcat", "kcat");
        String broker = serve.listeners().path("kafka").asText();
        await("three messages are committed to Kafka").atMost(PATIENCE).untilAsserted(() -> {
            Tool.Result read = kcat.run(
                    "-C",
                    "-q",
                    "-e",
                    "-b",
                    broker,
                    "-t",
                    "waymark.telemetry",
                    "-o",
                    "beginning",
                    "-X",
                    "isolation.level=read_committed",
                    "-f",
                    "%k|%h|%s\\n");
            assertThat(read.exitCode()).as(read.errors()).isZero();
            List<String> lines =
                    read.output().lines().filter(l -> l.startsWith("press-7|")).toList();
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .contains("ce_specversion=1.0", "ce_type=io.waymark.telemetry", "ce_subject=hall/press", "wm_qos=1")
                    .contains("ce_source=/waymark/gateway/gateway-1", "ce_id=gateway-1-", "ce_time=2")
                    .endsWith("|one");
            assertThat(lines.get(1)).contains("wm_qos=2").endsWith("|two");
            assertThat(lines.get(2))
                    .contains("wm_prop_line=seven", "content-type=text/plain")
                    .endsWith("|three");
        });
    }

    @Test
    void mosquittoIsToldThatThePasswordIsWrong() {
        Tool publisher = Tool.onPath("mosquitto_pub", "mosquitto-clients");
        door.createDevice("press-8");
        double before = door.metric("waymark_gateway_connects_total", "reason=\"bad_user_name_or_password\"");

        Tool.Result three = publisher.run(mqtt("press-8", "guess", "-t", "t", "-m", "x", "-q", "1"));
        Tool.Result five = publisher.run(mqtt("press-8", "guess", "-V", "5", "-t", "t", "-m", "x", "-q", "1"));
        Tool.Result nobody = publisher.run(mqtt("nobody", "guess", "-V", "5", "-t", "t", "-m", "x", "-q", "1"));

        assertThat(three.exitCode()).isEqualTo(4);
        assertThat(three.errors()).contains("bad user name or password");
        assertThat(five.exitCode()).isEqualTo(0x86);
        assertThat(five.errors()).contains("Bad User Name or Password");
        assertThat(nobody.exitCode()).isEqualTo(0x86);
        assertThat(door.metric("waymark_gateway_connects_total", "reason=\"bad_user_name_or_password\""))
                .isEqualTo(before + 3);
    }

    // ---- the reference client of the Handle System

    /** One that knows nothing but our site, and so asks nobody on the Internet. */
    private static HandleResolver handleClient(boolean session) {
        HandleResolver client = new HandleResolver();
        client.getConfiguration().setAutoUpdateRootInfo(false); // else it would ask the global root
        client.setCache(null);
        client.setCertifiedCache(null);
        client.setTcpTimeout(TIMEOUT_MILLIS);
        if (!session) {
            client.setSessionTracker(null);
        }
        if (site != null) {
            client.getConfiguration().setLocalSites("0.NA/" + PREFIX, new SiteInfo[] {site});
        }
        return client;
    }

    private static SiteInfo siteOfTheNode() throws Exception {
        AbstractResponse response = handleClient(false)
                .sendHttpRequest(
                        new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null),
                        serve.address("resolver.http").getAddress(),
                        serve.address("resolver.http").getPort());
        return ((GetSiteInfoResponse) response).siteInfo;
    }

    private static AuthenticationInfo administrator(String secret) {
        return new SecretKeyAuthenticationInfo(
                Util.encodeString(PREFIX + "/ADMIN"), 300, secret.getBytes(StandardCharsets.UTF_8));
    }

    private static HandleValue value(int index, String type, String data) {
        return new HandleValue(index, Util.encodeString(type), Util.encodeString(data));
    }

    private static HandleValue administeredByThePrefix() {
        AdminRecord all = new AdminRecord(
                Util.encodeString(PREFIX + "/ADMIN"),
                300,
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
        return new HandleValue(100, Util.encodeString("HS_ADMIN"), Encoder.encodeAdminRecord(all));
    }

    private static int send(HandleResolver client, AbstractRequest request) throws Exception {
        return client.processRequest(request).responseCode;
    }

    @ParameterizedTest
    @ValueSource(ints = {Interface.SP_HDL_UDP, Interface.SP_HDL_TCP, Interface.SP_HDL_HTTP})
    void theHandleClientResolves(int protocol) throws Exception {
        door.putRecord(PREFIX + "/TEA-" + protocol, "{\"index\":1,\"type\":\"URL\",\"data\":\"https://tea.example/\"}");
        ResolutionRequest request =
                new ResolutionRequest(Util.encodeString(PREFIX + "/tea-" + protocol), null, null, null);

        AbstractResponse response = handleClient(false).sendRequestToSite(request, site, protocol);

        assertThat(response.responseCode).isEqualTo(SUCCESS);
        assertThat(((ResolutionResponse) response).getHandleValues())
                .extracting(HandleValue::getTypeAsString, HandleValue::getDataAsString)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("URL", "https://tea.example/"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theHandleClientAdministersThePrefix(boolean session) throws Exception {
        HandleResolver client = handleClient(session);
        AuthenticationInfo who = administrator(SECRET);
        byte[] handle = Util.encodeString(PREFIX + "/made-" + session);
        HandleValue[] values = {value(1, "URL", "https://tea.example/first"), administeredByThePrefix()};

        assertThat(send(client, new CreateHandleRequest(handle, values, administrator("a guess"))))
                .isEqualTo(AbstractMessage.RC_AUTHENTICATION_FAILED);
        assertThat(send(client, new CreateHandleRequest(handle, values, who))).isEqualTo(SUCCESS);
        assertThat(send(client, new AddValueRequest(handle, value(2, "NOTE", "spring"), who)))
                .isEqualTo(SUCCESS);
        assertThat(send(client, new ModifyValueRequest(handle, value(1, "URL", "https://tea.example/second"), who)))
                .isEqualTo(SUCCESS);
        assertThat(client.resolveHandle(PREFIX + "/MADE-" + session, new String[] {"URL"}, null))
                .extracting(HandleValue::getDataAsString)
                .containsExactly("https://tea.example/second");
        assertThat(send(client, new RemoveValueRequest(handle, 2, who))).isEqualTo(SUCCESS);
        assertThat(client.resolveHandle(Util.decodeString(handle))).hasSize(2);
        assertThat(send(client, new DeleteHandleRequest(handle, who))).isEqualTo(SUCCESS);
        assertThat(send(client, new ResolutionRequest(handle, null, null, null)))
                .isEqualTo(AbstractMessage.RC_HANDLE_NOT_FOUND);
    }

    @Test
    void aQrCodeLeadsToTheRecordTheHandleClientMade() throws Exception {
        byte[] handle = Util.encodeString(PREFIX + "/TIN-7");
        HandleValue[] values = {
            value(1, "URL", "https://tea.example/tin/7"),
            value(2, "GS1", "(01)06901234567892(21)T7"),
            administeredByThePrefix()
        };
        assertThat(send(handleClient(true), new CreateHandleRequest(handle, values, administrator(SECRET))))
                .isEqualTo(SUCCESS);

        HttpResponse<String> redirect = Http.client()
                .send(
                        HttpRequest.newBuilder(URI.create(serve.uri("resolver.http") + "/01/06901234567892/21/T7"))
                                .timeout(PATIENCE)
                                .build(),
                        BodyHandlers.ofString());

        assertThat(redirect.statusCode()).as(redirect.body()).isEqualTo(307);
        assertThat(redirect.headers().firstValue("location")).contains("https://tea.example/tin/7");
    }
}
