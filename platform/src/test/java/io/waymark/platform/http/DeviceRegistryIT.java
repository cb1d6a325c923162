package io.waymark.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.paho.client.mqttv3.MqttSecurityException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices and groups as an operator manages them over HTTP, while some are connected. */
class DeviceRegistryIT {
    private static final String DEVICES = "/api/v1/devices";
    private static final String GROUPS = "/api/v1/groups";
    private static final String OLD = "a".repeat(64);
    private static final String NEW = "b".repeat(64);

    @TempDir
    static Path dir;

    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static DeviceNode node;

    @BeforeAll
    static void open() throws Exception {
        node = DeviceNode.open(dir);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    private static DeviceNode.Answer send(String method, String path, String body) throws Exception {
        return node.send(method, path, body);
    }

    private static JsonNode show(String id) throws Exception {
        return send("GET", DEVICES + "/" + id, "").json();
    }

    private static List<String> ids(String query) throws Exception {
        List<String> ids = new ArrayList<>();
        send("GET", DEVICES + "?" + query, "")
                .json()
                .path("devices")
                .forEach(d -> ids.add(d.path("id").asText()));
        return ids;
    }

    private static String refusal(int status, String method, String path, String body) throws Exception {
        return send(method, path, body).error(status);
    }

    // ---- devices

    @Test
    void aDeviceIsShownWithItsConnectionsAndNeverWithItsSecrets() throws Exception {
        node.register("show/1", "hall");
        assertThat(show("show%2F1").at("/state/connected").asBoolean()).isFalse();
        try (DeviceNode.Connected connected = node.connect("show/1", DeviceNode.PASSWORD)) {
            connected.publish("t", "x");
            JsonNode shown = show("show%2F1");
            assertThat(shown.path("group").asText()).isEqualTo("hall");
            assertThat(shown.path("enabled").asBoolean()).isTrue();
            assertThat(shown.path("hasPassword").asBoolean()).isTrue();
            assertThat(shown.at("/state/connected").asBoolean()).isTrue();
            assertThat(shown.path("connections")).hasSize(1);
            assertThat(shown.at("/connections/0/clientId").asText()).isEqualTo("show/1");
            assertThat(shown.at("/connections/0/protocol").asText()).isEqualTo("MQTT 3.1.1");
            assertThat(shown.at("/connections/0/address").asText()).startsWith("127.0.0.1:");
            assertThat(shown.at("/connections/0/lastMessageAt").isTextual()).isTrue();
            assertThat(shown.toString()).doesNotContain(DeviceNode.PASSWORD).doesNotContain("passwordHash");
        }
        await().until(() -> show("show%2F1").path("connections").isEmpty());
        assertThat(show("show%2F1").at("/state/lastMessageAt").isTextual())
                .as("remembered")
                .isTrue();
        assertThat(refusal(404, "GET", DEVICES + "/nobody", "")).isEqualTo("not_found: there is no device nobody");
    }

    @Test
    void devicesAreListedByGroupAndStatePageByPage() throws Exception {
        for (int i = 1; i <= 5; i++) {
            node.register("list-" + i, i == 3 ? "list-other" : "list-one");
        }
        send("PATCH", DEVICES + "/list-4", "{\"enabled\":false}").json();

        assertThat(ids("group=list-one&limit=2")).containsExactly("list-1", "list-2");
        assertThat(ids("group=list-one&limit=2&after=list-2")).containsExactly("list-4", "list-5");
        assertThat(ids("group=list-one&limit=2&after=list-5")).isEmpty();
        assertThat(ids("group=list-one&state=disabled")).containsExactly("list-4");
        assertThat(ids("group=list-one&state=enabled")).containsExactly("list-1", "list-2", "list-5");
        try (DeviceNode.Connected connected = node.connect("list-2", DeviceNode.PASSWORD)) {
            assertThat(connected.isConnected()).isTrue();
            assertThat(ids("group=list-one&state=connected")).containsExactly("list-2");
            assertThat(ids("group=list-one&state=disconnected")).containsExactly("list-1", "list-4", "list-5");
        }
        assertThat(refusal(400, "GET", DEVICES + "?state=asleep", ""))
                .isEqualTo("bad_state: state must be enabled, disabled, connected or disconnected but was \"asleep\"");
        assertThat(refusal(400, "GET", DEVICES + "?limit=1001", ""))
                .isEqualTo("bad_request: limit must be in 1..1000 but was 1001");
    }

    @Test
    void whoIsDisabledIsCutOffUntilItIsEnabledAgain() throws Exception {
        node.register("cut", "hall");
        try (DeviceNode.Connected connected = node.connect("cut", DeviceNode.PASSWORD)) {
            JsonNode off =
                    send("PATCH", DEVICES + "/cut", "{\"enabled\":false}").json();
            assertThat(off.path("enabled").asBoolean()).isFalse();
            await().until(() -> !connected.isConnected());
        }
        assertThatThrownBy(() -> node.connect("cut", DeviceNode.PASSWORD)).isInstanceOf(MqttSecurityException.class);
        send("PATCH", DEVICES + "/cut", "{\"enabled\":true}").json();
        node.connect("cut", DeviceNode.PASSWORD).close();
    }

    @Test
    void aRotatedPasswordIsToldOnceAndTheOldOneIsWorthNothing() throws Exception {
        node.register("turn", "hall");
        String made;
        try (DeviceNode.Connected connected = node.connect("turn", DeviceNode.PASSWORD)) {
            made = send("POST", DEVICES + "/turn/rotate", "")
                    .json()
                    .path("password")
                    .asText();
            assertThat(made).hasSizeGreaterThanOrEqualTo(20);
            await().until(() -> !connected.isConnected());
        }
        assertThatThrownBy(() -> node.connect("turn", DeviceNode.PASSWORD)).isInstanceOf(MqttSecurityException.class);
        node.connect("turn", made).close();

        JsonNode given = send("POST", DEVICES + "/turn/rotate", "{\"password\":\"chosen-by-people\"}")
                .json();
        assertThat(given.has("password")).as("who chose it knows it").isFalse();
        node.connect("turn", "chosen-by-people").close();
        assertThat(refusal(400, "POST", DEVICES + "/turn/rotate", "{\"password\":\"short\"}"))
                .startsWith("bad_request: password must have 8 characters")
                .endsWith("has 5 characters");
        assertThat(refusal(404, "POST", DEVICES + "/nobody/rotate", "")).contains("there is no device nobody");
    }

    @Test
    void aDeviceMovesToAGroupWhoseRulesHoldAtOnce() throws Exception {
        node.register("mover", "move-from");
        send("POST", GROUPS, "{\"name\":\"move-to\",\"rules\":[]}").json();
        try (DeviceNode.Connected connected = node.connect("mover", DeviceNode.PASSWORD)) {
            connected.publish("t", "allowed by the settings");
            assertThat(send("PATCH", DEVICES + "/mover", "{\"group\":\"move-to\"}")
                            .json()
                            .path("group")
                            .asText())
                    .isEqualTo("move-to");
            // MQTT 3.1.1 has no other way to refuse a PUBLISH
            assertThatThrownBy(() -> connected.publish("t", "refused by the group"))
                    .isInstanceOf(org.eclipse.paho.client.mqttv3.MqttException.class);
            await().until(() -> !connected.isConnected());
        }
        assertThat(ids("group=move-to")).containsExactly("mover");
        assertThat(ids("group=move-from")).isEmpty();
    }

    @Test
    void certificatesComeAndGoInTheirOneForm() throws Exception {
        node.register("cert", "hall");
        node.register("cert-other", "hall");
        String path = DEVICES + "/cert";

        JsonNode added = send(
                        "PATCH",
                        path,
                        "{\"addCertificates\":[\"" + OLD.toUpperCase(Locale.ROOT) + "\",\"CN=Cert, O=Plant\"]}")
                .json();
        assertThat(added.path("certificates"))
                .extracting(JsonNode::asText)
                .containsExactly("sha256:" + OLD, "subject:cn=cert,o=plant");
        JsonNode rolled = send(
                        "PATCH",
                        path,
                        "{\"addCertificates\":[\"sha256:" + NEW + "\"],\"removeCertificates\":[\"" + OLD + "\"]}")
                .json();
        assertThat(rolled.path("certificates"))
                .extracting(JsonNode::asText)
                .containsExactly("subject:cn=cert,o=plant", "sha256:" + NEW);
        assertThat(show("cert").path("certificates")).isEqualTo(rolled.path("certificates"));

        assertThat(refusal(409, "PATCH", DEVICES + "/cert-other", "{\"addCertificates\":[\"" + NEW + "\"]}"))
                .isEqualTo("certificate_taken: certificate sha256:" + NEW + " stands for device cert already");
        assertThat(refusal(404, "PATCH", path, "{\"removeCertificates\":[\"" + OLD + "\"]}"))
                .isEqualTo("not_found: device cert has no certificate sha256:" + OLD);
        assertThat(show("cert").path("certificates"))
                .as("refusals change nothing")
                .hasSize(2);
        assertThat(show("cert-other").path("certificates")).isEmpty();
    }

    @Test
    void certificatesThatAreNoneAreRefusedByWhatTheyAre() throws Exception {
        node.register("misnamed", "hall");
        for (String bad : List.of("abc123", "sha256:" + "g".repeat(64), "CN=", "CN=x,=y", "sha256:CN=x")) {
            assertThat(refusal(400, "PATCH", DEVICES + "/misnamed", "{\"addCertificates\":[\"" + bad + "\"]}"))
                    .as(bad)
                    .startsWith("bad_request: certificate must be 64 hexadecimal digits")
                    .endsWith("but was " + bad);
        }
        assertThat(refusal(400, "PATCH", DEVICES + "/misnamed", "{\"addCertificates\":\"" + NEW + "\"}"))
                .isEqualTo("bad_field: \"addCertificates\" must be a list of texts");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            many.add("\"CN=many-" + i + "\"");
        }
        assertThat(refusal(400, "PATCH", DEVICES + "/misnamed", "{\"certificates\":" + many + "}"))
                .contains("at most 16 certificates but names 17");
        assertThat(show("misnamed").path("certificates")).isEmpty();
    }

    @Test
    void aDeviceWithoutPasswordKeepsAtLeastOneCertificate() throws Exception {
        assertThat(refusal(400, "POST", DEVICES, "{\"id\":\"bare\",\"passwordless\":true}"))
                .isEqualTo("bad_request: a device must have a password or at least one certificate");
        JsonNode made = send("POST", DEVICES, "{\"id\":\"bare\",\"passwordless\":true,\"certificates\":[\"CN=bare\"]}")
                .json();
        assertThat(made.has("password")).isFalse();
        assertThat(refusal(400, "PATCH", DEVICES + "/bare", "{\"removeCertificates\":[\"cn=bare\"]}"))
                .endsWith("a device must have a password or at least one certificate");
        assertThat(show("bare").path("certificates")).hasSize(1);
    }

    @Test
    void aDryRunRefusesWhatCreatingWouldAndCreatesNothing() throws Exception {
        String dry = DEVICES + "?dryRun=true";
        assertThat(send("POST", dry, "{\"id\":\"dry\"}").status()).isEqualTo(200);
        assertThat(send("GET", DEVICES + "/dry", "").status()).isEqualTo(404);
        node.register("dry-taken", "hall");
        assertThat(refusal(409, "POST", dry, "{\"id\":\"dry-taken\"}"))
                .isEqualTo("device_exists: device dry-taken exists already");
        assertThat(refusal(400, "POST", dry, "{\"id\":\"" + "x".repeat(257) + "\"}"))
                .isEqualTo("bad_request: device id must have 1..256 characters but has 257");
        assertThat(refusal(400, "POST", dry, "{\"id\":\"dry\",\"colour\":\"red\"}"))
                .startsWith("unknown_field: unknown field \"colour\"; known: certificates, enabled, group, id");
        assertThat(refusal(400, "PATCH", DEVICES + "/dry-taken", "{}")).startsWith("missing_field: nothing to change");
        assertThat(refusal(400, "PATCH", DEVICES + "/dry-taken", "{\"enabled\":\"no\"}"))
                .isEqualTo("bad_field: \"enabled\" must be true or false");
    }

    // ---- groups

    @Test
    void aGroupIsCreatedChangedAndDeletedOnceItIsEmpty() throws Exception {
        String body = "{\"name\":\"life/1\",\"rules\":[{\"filter\":\"hall/%u/#\",\"scope\":\"publish\"},"
                + "{\"effect\":\"deny\",\"filter\":\"#\"}],\"quota\":{\"connections\":2,\"messagesPerSecond\":50}}";
        DeviceNode.Answer created = send("POST", GROUPS, body);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("rules").toString())
                .isEqualTo("[{\"effect\":\"allow\",\"scope\":\"publish\",\"filter\":\"hall/%u/#\"},"
                        + "{\"effect\":\"deny\",\"scope\":\"all\",\"filter\":\"#\"}]");
        assertThat(created.json().at("/quota/messagesPerSecond").asLong()).isEqualTo(50);
        assertThat(created.json().at("/quota/deviceConnections").asLong()).isZero();
        assertThat(refusal(409, "POST", GROUPS, "{\"name\":\"life/1\"}"))
                .isEqualTo("group_exists: group life/1 exists already");

        JsonNode changed = send("PATCH", GROUPS + "/life%2F1", "{\"quota\":{\"bytesPerSecond\":9}}")
                .json();
        assertThat(changed.path("rules")).as("not mentioned").hasSize(2);
        assertThat(changed.at("/quota/bytesPerSecond").asLong()).isEqualTo(9);
        assertThat(changed.at("/quota/connections").asLong())
                .as("replaced as a whole")
                .isZero();
        assertThat(send("PATCH", GROUPS + "/life%2F1", "{\"rules\":null}")
                        .json()
                        .has("rules"))
                .as("those of the settings")
                .isFalse();
        assertThat(send("GET", GROUPS, "").json().path("groups"))
                .extracting(group -> group.path("name").asText())
                .contains("life/1");

        node.register("member", "life/1");
        assertThat(refusal(409, "DELETE", GROUPS + "/life%2F1", ""))
                .isEqualTo("group_in_use: group life/1 has devices, member for one: move or delete them first");
        assertThat(send("DELETE", DEVICES + "/member", "").status()).isEqualTo(204);
        assertThat(send("DELETE", GROUPS + "/life%2F1", "").status()).isEqualTo(204);
        for (String method : List.of("GET", "DELETE")) {
            assertThat(refusal(404, method, GROUPS + "/life%2F1", "")).isEqualTo("not_found: there is no group life/1");
        }
        assertThat(refusal(404, "PATCH", GROUPS + "/life%2F1", "{}")).contains("there is no group life/1");
    }

    @Test
    void badRulesAndQuotasAreNamedByTheirPlace() throws Exception {
        assertThat(badGroup("\"rules\":[{\"filter\":\"a\"},{\"effect\":\"maybe\",\"filter\":\"b\"}]"))
                .isEqualTo("bad_field: \"rules[1].effect\" must be one of allow, deny but was \"maybe\"");
        assertThat(badGroup("\"rules\":[{\"scope\":\"read\",\"filter\":\"b\"}]"))
                .isEqualTo("bad_field: \"rules[0].scope\" must be one of all, publish, subscribe but was \"read\"");
        assertThat(badGroup("\"rules\":[{\"effect\":\"deny\"}]"))
                .isEqualTo("bad_field: \"rules[0].filter\" must be a topic filter");
        assertThat(badGroup("\"rules\":[{\"filter\":\"a/#/b\"}]"))
                .startsWith("bad_request:")
                .endsWith("but was a/#/b");
        assertThat(badGroup("\"rules\":[{\"filter\":\"$share/g/a\"}]")).endsWith("but was $share/g/a");
        assertThat(badGroup("\"rules\":[{\"filter\":\"a\",\"qos\":1}]"))
                .startsWith("unknown_field: unknown field \"rules[0].qos\"");
        assertThat(badGroup("\"rules\":\"all\"")).isEqualTo("bad_field: \"rules\" must be a list or null");
        assertThat(badGroup("\"quota\":{\"connections\":-1}"))
                .isEqualTo("bad_field: \"quota.connections\" must be a whole number, 0 for no bound, but was -1");
        assertThat(badGroup("\"quota\":{\"messagesPerSecond\":1000000001}"))
                .isEqualTo("bad_request: messagesPerSecond must be in 0..1000000000, 0 for no bound,"
                        + " but was 1000000001");
        assertThat(refusal(400, "POST", GROUPS, "{\"name\":\"$own\"}"))
                .isEqualTo("bad_request: device group must not begin with $, which is the gateway's own");
        assertThat(send("GET", GROUPS + "/bad", "").status())
                .as("nothing was created")
                .isEqualTo(404);
    }

    private static String badGroup(String field) throws Exception {
        return refusal(400, "POST", GROUPS, "{\"name\":\"bad\"," + field + "}");
    }

    // ---- who may

    @Test
    void nothingIsToldOrChangedWithoutTheOperatorsToken() throws Exception {
        node.register("guarded", "hall");
        String[][] requests = {
            {"GET", DEVICES},
            {"GET", DEVICES + "/guarded"},
            {"POST", DEVICES},
            {"PATCH", DEVICES + "/guarded"},
            {"POST", DEVICES + "/guarded/rotate"},
            {"DELETE", DEVICES + "/guarded"},
            {"GET", GROUPS},
            {"GET", GROUPS + "/hall"},
            {"POST", GROUPS},
            {"PATCH", GROUPS + "/hall"},
            {"DELETE", GROUPS + "/hall"},
            {"GET", "/api/v1/tail"}
        };
        for (String[] request : requests) {
            for (String token : List.of("", "wrong-token-wrong-token")) {
                assertThat(node.send(request[0], request[1], "", token).error(401))
                        .as("%s %s with token \"%s\"", request[0], request[1], token)
                        .startsWith("unauthorized: this needs the operator's token");
            }
        }
        node.connect("guarded", DeviceNode.PASSWORD).close();
    }
}
