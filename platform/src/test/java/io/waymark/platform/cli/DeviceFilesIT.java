package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.platform.bulk.CsvRows;
import io.waymark.platform.http.DeviceNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices from a file and into one, on a node with a real registry. */
class DeviceFilesIT {
    private static final String FINGERPRINT = "c".repeat(64);

    @TempDir
    private Path dir = Path.of(".");

    @TempDir
    static Path data;

    // set by open()
    @SuppressWarnings("NullAway.Init")
    private static DeviceNode node;

    @BeforeAll
    static void open() throws Exception {
        node = DeviceNode.open(data);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @BeforeEach
    void nothingIsRegistered() throws Exception {
        for (JsonNode device : devices()) {
            String path = "/api/v1/devices/" + device.path("id").asText();
            assertThat(node.send("DELETE", path, "").status()).isEqualTo(204);
        }
    }

    private static CommandRun run(String... args) {
        return CommandRun.on(node, args);
    }

    private Path csv(String name, String... lines) throws Exception {
        return Files.writeString(dir.resolve(name), String.join("\n", lines) + "\n");
    }

    private static List<List<String>> result(Path file) throws Exception {
        return CsvRows.of(Files.readAllBytes(file)).stream()
                .map(CsvRows.Row::cells)
                .toList();
    }

    private static JsonNode devices() throws Exception {
        return node.send("GET", "/api/v1/devices", "").json().path("devices");
    }

    @Test
    void whatAnImportMakesConnectsWithThePasswordsOfItsResultFile() throws Exception {
        Path file = csv(
                "ovens.csv",
                "id,group,enabled,password,certificates",
                "oven-1,drying,,,",
                "\"oven,2\",,no,chosen-by-people,",
                "oven-3,drying,yes,," + FINGERPRINT + "|CN=oven-3");
        CommandRun run = run("device", "import", file.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(String.format("3 devices created.%n"));
        Path results = dir.resolve("ovens.csv.result.csv");
        assertThat(run.err()).contains(results.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(results)))
                .as("it holds passwords")
                .isEqualTo("rw-------");

        List<List<String>> rows = result(results);
        assertThat(rows.get(0)).containsExactly("line", "id", "outcome", "password", "reason");
        assertThat(rows.subList(1, 4))
                .extracting(row -> row.get(0) + row.get(1) + row.get(2))
                .containsExactly("2oven-1created", "3oven,2created", "4oven-3created");
        assertThat(rows.get(2).get(3)).as("who chose it knows it").isEmpty();
        assertThat(run.out() + run.err())
                .as("passwords stand in the file alone")
                .doesNotContain(rows.get(1).get(3));
        node.connect("oven-1", rows.get(1).get(3)).close();
        node.connect("oven-3", rows.get(3).get(3)).close();

        assertThat(devices())
                .extracting(d -> d.path("id").asText() + " " + d.path("group").asText() + " "
                        + d.path("enabled").asBoolean())
                .containsExactly("oven,2 default false", "oven-1 drying true", "oven-3 drying true");
        assertThat(devices().get(2).path("certificates"))
                .extracting(JsonNode::asText)
                .containsExactly("sha256:" + FINGERPRINT, "subject:cn=oven-3");
    }

    @Test
    void theSameFileAgainChangesNothingAndSaysSo() throws Exception {
        Path file = csv("twice.csv", "id,group", "one,hall", "two,hall");
        Path first = dir.resolve("first.csv");
        assertThat(run("device", "import", file.toString(), "--result", first.toString())
                        .exitCode())
                .isZero();
        JsonNode before = devices();

        CommandRun overwriting = run("device", "import", file.toString(), "--result", first.toString());
        assertThat(overwriting.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(overwriting.err()).contains(first + " exists already and may hold passwords");

        CommandRun again = run("device", "import", file.toString());
        assertThat(again.exitCode()).isEqualTo(ExitCodes.PARTLY);
        assertThat(again.out()).isEqualTo(String.format("0 devices created, 2 rows refused.%n"));
        assertThat(again.err())
                .contains("line 2: column id: device one exists already")
                .contains("line 3: column id: device two exists already");
        assertThat(result(dir.resolve("twice.csv.result.csv")))
                .contains(List.of("2", "one", "refused", "", "column id: device one exists already"));
        assertThat(devices()).isEqualTo(before);
        node.connect("one", result(first).get(1).get(3)).close();
    }

    @Test
    void rowsAreRefusedOneByOneByLineAndColumn() throws Exception {
        Path file = csv(
                "faults.csv",
                "id,group,enabled,password,passwordless,certificates",
                "good-1,,,,,",
                "maybe,,perhaps,,,",
                "weak,,,short,,",
                "misnamed,,,,,CN=",
                "own,$sys,,,,",
                "\"spread\nover two lines\",,,,,",
                "good-1,,,,,",
                "short row",
                ",,,,,",
                "nothing,,,,yes,",
                "first,,,,," + FINGERPRINT,
                "good-2,,,,,");
        CommandRun run = run("device", "import", file.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCodes.PARTLY);
        assertThat(run.err())
                .contains("line 3: column enabled: must be true or false but was \"perhaps\"")
                .contains("line 4: column password: password must have 8 characters")
                .contains("line 5: column certificates: certificate must be 64 hexadecimal digits")
                .contains("line 6: column group: device group must not begin with $")
                .contains("line 7: column id: device id must not hold control characters")
                .contains("line 9: column id: device good-1 is in the file already")
                .contains("line 10: must have 6 cells but has 1")
                .contains("line 11: column id: device id must have 1..256 characters but has 0")
                .contains("line 12: a device must have a password or at least one certificate");
        assertThat(run.out()).isEqualTo(String.format("3 devices created, 9 rows refused.%n"));
        assertThat(devices()).extracting(d -> d.path("id").asText()).containsExactly("first", "good-1", "good-2");
        assertThat(run.err()).doesNotContain("short\"").doesNotContain("but was short");

        Path rival = csv("rival.csv", "certificates,id", FINGERPRINT + ",second");
        assertThat(run("device", "import", rival.toString()).err())
                .contains("line 2: column certificates: certificate sha256:" + FINGERPRINT
                        + " stands for device first already");
    }

    @Test
    void aDryRunSaysWhatWouldBeRefusedAndWritesNothing() throws Exception {
        Path taken = csv("taken.csv", "id", "taken");
        assertThat(run("device", "import", taken.toString()).exitCode()).isZero();
        Path file = csv("dry.csv", "id,enabled", "new,", "taken,", "odd,sometimes", " padded,");
        CommandRun run = run("device", "import", file.toString(), "--dry-run");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.PARTLY);
        assertThat(run.out()).isEqualTo(String.format("1 devices could be created, 3 rows refused.%n"));
        assertThat(run.err())
                .contains("line 3: column id: device taken exists already")
                .contains("line 4: column enabled: must be true or false but was \"sometimes\"")
                .contains("line 5: column id: must not begin or end with blanks but was \" padded\"");
        assertThat(devices()).hasSize(1);
        assertThat(dir.resolve("dry.csv.result.csv")).doesNotExist();
    }

    @Test
    void aFileWhoseHeadIsNotUnderstoodIsRefusedWhole() throws Exception {
        assertThat(run("device", "import", csv("a.csv", "id,colour", "x,red").toString())
                        .err())
                .contains("line 1: column \"colour\" is unknown or there twice; known: id, group, enabled, password");
        assertThat(run("device", "import", csv("b.csv", "group", "x").toString())
                        .err())
                .contains("line 1: there is no column id");
        assertThat(run("device", "import", csv("c.csv", "").toString()).err())
                .contains("must begin with a head line such as id,group");
        assertThat(run("device", "import", dir.resolve("absent.csv").toString()).exitCode())
                .isEqualTo(ExitCodes.FAILED);
        assertThat(devices()).isEmpty();
        try (var files = Files.list(dir)) {
            assertThat(files.filter(file -> file.toString().endsWith(".result.csv")))
                    .isEmpty();
        }
    }

    @Test
    void anExportHoldsNoSecretsAndIsWhatImportTakes() throws Exception {
        Path file = csv(
                "all.csv",
                "id,group,enabled,password,passwordless,certificates",
                "a,\"hall, north\",no,chosen-by-people,,",
                "b,,,,yes,\"" + FINGERPRINT + "|CN=b,O=Plant\"");
        assertThat(run("device", "import", file.toString()).exitCode()).isZero();
        CommandRun export = run("device", "export");
        assertThat(export.out())
                .isEqualTo(String.format(
                        "id,group,enabled,passwordless,certificates%n"
                                + "a,\"hall, north\",false,false,%n"
                                + "b,default,true,true,\"sha256:%s|subject:cn=b,o=plant\"%n",
                        FINGERPRINT));
        assertThat(run("device", "export", "--group", "default").out().lines()).hasSize(2);
        String json = run("device", "export", "--json").out();
        assertThat(json.lines()).hasSize(2);
        assertThat(export.out() + json).doesNotContain("chosen-by-people").doesNotContainIgnoringCase("hash");

        JsonNode before = devices();
        for (String id : List.of("a", "b")) {
            assertThat(run("device", "delete", id).exitCode()).isZero();
        }
        Path exported = Files.writeString(dir.resolve("exported.csv"), export.out());
        assertThat(run("device", "import", exported.toString()).exitCode()).isZero();
        for (int i = 0; i < before.size(); i++) {
            for (String field : List.of("id", "group", "enabled", "hasPassword", "certificates")) {
                assertThat(devices().get(i).path(field))
                        .as(field)
                        .isEqualTo(before.get(i).path(field));
            }
        }
    }
}
