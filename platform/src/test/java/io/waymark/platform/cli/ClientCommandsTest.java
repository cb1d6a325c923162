package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waymark.platform.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a server that records what they ask and answers what the test wants. */
class ClientCommandsTest {
    private record Reply(int status, String body) {}

    private record Run(int exitCode, String out, String err) {}

    @TempDir
    private Path data = Path.of(".");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Function<String, Reply> answer = request -> new Reply(404, "{\"error\":\"none\",\"message\":\"nothing\"}");
    private HttpServer server = newServer();

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server.createContext("/", this::handle);
        server.start();
        Files.writeString(data.resolve("ready.json"), "{\"platform.http\":\"127.0.0.1:" + port() + "\"}");
        Files.writeString(data.resolve("admin.token"), "t0ken\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body;
        asked.add(request.strip() + " [" + token + "]");
        Reply reply = answer.apply(request.strip());
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(args);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private Run runHere(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--data");
        all.add(data.toString());
        return run(all.toArray(String[]::new));
    }

    @Test
    void prefixAddShowsTheSecretOnceAndSendsTheToken() {
        answer = r -> new Reply(
                201,
                "{\"prefix\":\"88.118.8\",\"prefixHandle\":\"0.NA/88.118.8\",\"adminHandle\":\"88.118.8/ADMIN\",\"adminIndex\":300,"
                        + "\"secret\":\"s3cret\"}");
        Run run = runHere("prefix", "add", "88.118.8");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("300:88.118.8/ADMIN").contains("s3cret").contains("0.NA/88.118.8");
        assertThat(asked).containsExactly("POST /api/v1/prefixes {\"prefix\":\"88.118.8\"} [Bearer t0ken]");
    }

    @Test
    void prefixListPrintsOnePerLine() {
        answer = r -> new Reply(200, "{\"prefixes\":[\"88.118.8\",\"10.1000\"]}");
        assertThat(runHere("prefix", "list")).isEqualTo(new Run(0, String.format("88.118.8%n10.1000%n"), ""));
    }

    @Test
    void registerNumbersValuesAndCodes() {
        answer = r -> new Reply(201, "{\"responseCode\":1}");
        Run run = runHere(
                "register",
                "88.118.8/武夷 1",
                "URL=https://a.example/?x=1",
                "NAME=tea",
                "--index",
                "1",
                "--code",
                "(01)06901234000016");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Registered 88.118.8/武夷 1 with 3 values.");
        assertThat(asked)
                .singleElement()
                .asString()
                .isEqualTo(
                        "PUT /api/v1/handles/88.118.8/%E6%AD%A6%E5%A4%B7%201 {\"values\":["
                                + "{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\",\"value\":\"https://a.example/?x=1\"}},"
                                + "{\"index\":2,\"type\":\"NAME\",\"data\":{\"format\":\"string\",\"value\":\"tea\"}},"
                                + "{\"index\":3,\"type\":\"GS1\",\"data\":{\"format\":\"string\",\"value\":\"(01)06901234000016\"}}]} [Bearer t0ken]");
    }

    @Test
    void registerSaysWhyTheNodeRefused() {
        answer = r -> new Reply(409, "{\"error\":\"exists\",\"message\":\"88.1/a has a record already\"}");
        Run run = runHere("register", "88.1/a", "URL=u", "--no-overwrite");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(String.format(
                        "waymark register: 88.1/a has a record already (without --no-overwrite its record is"
                                + " replaced)%n"));
        assertThat(asked).singleElement().asString().startsWith("PUT /api/v1/handles/88.1/a?overwrite=false ");
    }

    @Test
    void registerWithoutValuesIsAUsageError() {
        assertThat(runHere("register", "88.1/a").exitCode()).isEqualTo(2);
        assertThat(runHere("register", "88.1/a", "URL").err()).contains("a value must be TYPE=VALUE but was \"URL\"");
        assertThat(asked).isEmpty();
    }

    @Test
    void registerReadsAFile() throws IOException {
        answer = r -> new Reply(200, "{\"responseCode\":1}");
        Path file = data.resolve("values.json");
        Files.writeString(file, "{\"values\":[{\"index\":9,\"type\":\"URL\",\"data\":\"u\"}]}");
        assertThat(runHere("register", "88.1/a", "NAME=x", "--file", file.toString())
                        .out())
                .contains("Replaced 88.1/a with 2 values.");
        Files.writeString(file, "{\"values\":");
        assertThat(runHere("register", "88.1/a", "--file", file.toString()).err())
                .contains("is no JSON");
        assertThat(runHere("register", "88.1/a", "--file", data + "/none.json").err())
                .contains("there is no file");
    }

    @Test
    void traceDrawsAndExitsFourWhenNothingWasSeen() {
        answer = r -> new Reply(
                200,
                "{\"identifier\":\"a\",\"events\":[{\"eventTime\":\"2026-11-22T08:00:00Z\",\"bizStep\":\"packing\",\"action\":\"ADD\"}]}");
        Run run = runHere("trace", "(01)06901234000016(21)a b");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("packing");
        assertThat(asked).singleElement().asString().startsWith("GET /trace?code=%2801%2906901234000016%2821%29a%20b");
        answer = r -> new Reply(200, "{\"identifier\":\"a\",\"events\":[]}");
        assertThat(runHere("trace", "a/b").exitCode()).isEqualTo(4);
        answer = r -> new Reply(400, "{\"error\":\"unrecognised\",\"message\":\"\\\"?\\\" is no code\"}");
        Run refused = runHere("trace", "?");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo(String.format("waymark trace: \"?\" is no code%n"));
    }

    @Test
    void traceOfAHandleIsThatOfTheCodeInItsRecord() {
        answer = r -> {
            if (r.startsWith("GET /api/v1/lookup")) {
                return new Reply(
                        200,
                        "{\"handle\":\"88.1/A\",\"values\":[{\"type\":\"URL\",\"data\":{\"value\":\"u\"}},"
                                + "{\"type\":\"GS1\",\"data\":{\"format\":\"string\",\"value\":\"(01)1\"}}]}");
            }
            return r.contains("code=%2801%291")
                    ? new Reply(
                            200,
                            "{\"identifier\":\"https://id.gs1.org/01/1\",\"scheme\":\"GS1\",\"events\":[{\"bizStep\":\"packing\"}]}")
                    : new Reply(200, "{\"identifier\":\"88.1/A\",\"scheme\":\"HANDLE\",\"events\":[]}");
        };
        Run run = runHere("trace", "88.1/a");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("https://id.gs1.org/01/1").contains("packing");
    }

    @Test
    void deviceListReadsEveryPage() {
        StringBuilder first = new StringBuilder("{\"devices\":[");
        for (int i = 0; i < 500; i++) {
            first.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"d")
                    .append(1000 + i)
                    .append("\",\"group\":\"g\",\"enabled\":true}");
        }
        String firstPage = first.append("]}").toString();
        answer = r -> new Reply(
                200,
                r.contains("after=d1499")
                        ? "{\"devices\":[{\"id\":\"e\",\"group\":\"\",\"enabled\":false}]}"
                        : firstPage);
        Run run = runHere("device", "list");
        assertThat(run.out().lines()).hasSize(502).last().asString().matches("e +disabled, not connected +- +-");
        assertThat(asked).hasSize(2);
        asked.clear();
        assertThat(runHere("device", "list", "--limit", "500", "--json").out()).contains("\"d1499\"");
        assertThat(asked).hasSize(1);
    }

    @Test
    void deviceCommandsEscapeTheId() {
        answer = r -> new Reply(200, "{\"password\":\"new\"}");
        assertThat(runHere("device", "rotate", "a/b").out()).contains("new");
        assertThat(runHere("device", "disable", "a/b").exitCode()).isZero();
        assertThat(runHere("device", "delete", "a/b").exitCode()).isZero();
        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/devices/a%2Fb/rotate {} [Bearer t0ken]",
                        "PATCH /api/v1/devices/a%2Fb {\"enabled\":false} [Bearer t0ken]",
                        "DELETE /api/v1/devices/a%2Fb [Bearer t0ken]");
        answer = r -> new Reply(404, "{\"error\":\"not_found\",\"message\":\"there is no device x\"}");
        assertThat(runHere("device", "enable", "x").exitCode()).isEqualTo(4);
    }

    @Test
    void importSendsFilesToANodeElsewhereAndTellsWhatItSays() throws IOException {
        Path first = Files.writeString(data.resolve("a.ndjson"), "one\n");
        Path second = Files.writeString(data.resolve("b.ndjson"), "two\n");
        answer = r -> new Reply(200, """
                {"phase":"READING","done":1,"total":8}
                {"result":{"loaded":true,"records":1,"refused":1,"secrets":{"88.1":"s3cret"},"refusals":[{"line":2,"reason":"is no JSON"}]}}
                """);
        Run run = run(
                "import",
                first.toString(),
                second.toString(),
                "--skip-bad",
                "--home",
                "--url",
                "http://127.0.0.1:" + port(),
                "--token",
                "other");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("line 2: is no JSON");
        assertThat(run.out()).contains("88.1/ADMIN", "s3cret", "1 record loaded", "1 line refused.");
        assertThat(asked)
                .containsExactly("POST /api/v1/records/bulk?overwrite=false&skipBad=true&home=true&format=ndjson "
                        + "one\ntwo [Bearer other]");
    }

    @Test
    void importTellsWhyANodeElsewhereLoadedNothing() throws IOException {
        Path file = Files.writeString(data.resolve("a.csv"), "handle,URL\n");
        answer = r -> new Reply(200, "{\"error\":\"import_failed\",\"message\":\"the disk is full\"}\n");
        String url = "http://127.0.0.1:" + port();
        Run run = run("import", file.toString(), "--url", url);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the disk is full");
        assertThat(asked).singleElement().asString().contains("format=csv");
        answer = r -> new Reply(200, "{\"phase\":\"MERGING\",\"done\":1,\"total\":8}\n");
        assertThat(run("import", file.toString(), "--url", url).err()).contains("hung up");
        assertThat(run("import", file.toString(), "x.ndjson", "--url", url).exitCode())
                .isEqualTo(2);
    }

    @Test
    void exportWritesTheFileOnlyWhenComplete() throws IOException {
        Path file = data.resolve("out.ndjson");
        answer = r -> new Reply(200, "{\"handle\":\"88.1/a\"}\n{\"handle\":\"88.1/武\"}\n");
        Run run = runHere("export", "--prefix", "88.1", "-o", file.toString());
        assertThat(run.out()).contains("Wrote 2 records to");
        assertThat(Files.readString(file)).isEqualTo("{\"handle\":\"88.1/a\"}\n{\"handle\":\"88.1/武\"}\n");
        assertThat(asked).singleElement().asString().startsWith("GET /api/v1/records/export?prefix=88.1 ");
        assertThat(data.resolve("out.ndjson.part")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        answer = r -> new Reply(401, "{\"error\":\"unauthorised\",\"message\":\"the token is wrong\"}");
        Run refused = runHere("export");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("the token is wrong").contains("WAYMARK_TOKEN");
    }

    @Test
    void withoutANodeTheMessageSaysHowToStartOne() throws IOException {
        server.stop(0);
        Run gone = runHere("prefix", "list");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err())
                .contains("no node answers at http://127.0.0.1:" + port())
                .contains("waymark serve");
        Files.delete(data.resolve("ready.json"));
        assertThat(runHere("prefix", "list").err()).contains("no node runs on").contains("waymark serve --data");
    }

    @Test
    void urlReplacesTheDataFolder() {
        answer = r -> new Reply(200, "{\"prefixes\":[]}");
        Run run = run("prefix", "list", "--url", "http://127.0.0.1:" + port() + "/", "--token", "other");
        assertThat(run.exitCode()).isZero();
        assertThat(asked).containsExactly("GET /api/v1/prefixes [Bearer other]");
        assertThat(run("prefix", "list", "--url", "127.0.0.1").exitCode()).isEqualTo(2);
    }

    @Test
    void everyCommandExplainsItselfWithExamples() {
        Main.commandLine().getSubcommands().forEach((name, command) -> {
            if (!name.equals("serve") && !name.equals("bench")) {
                assertThat(run(name, "--help").exitCode()).isZero();
                command.getSubcommands()
                        .keySet()
                        .forEach(sub ->
                                assertThat(run(name, sub, "--help").out()).contains("Exit codes:", "Example"));
                if (command.getSubcommands().isEmpty()) {
                    assertThat(run(name, "--help").out()).contains("Exit codes:", "Example");
                }
            }
        });
    }

    @Test
    void commandShowsItsStatusAsItChanges() {
        List<String> states = new ArrayList<>(List.of("queued", "queued", "delivered"));
        answer = r -> new Reply(
                r.startsWith("POST") ? 202 : 200,
                "{\"id\":\"k1\",\"device\":\"a/b\",\"state\":\"" + states.remove(0) + "\",\"changedAt\":\"T\"}");
        Run run = runHere("command", "a/b", "go", "--name", "speed", "--id", "k1", "--expiry", "5m", "--wait", "30s");
        assertThat(run).isEqualTo(new Run(0, String.format("T  k1  queued%nT  k1  delivered%n"), ""));
        assertThat(asked.get(0))
                .startsWith("POST /api/v1/devices/a%2Fb/commands {")
                .contains("\"name\":\"speed\"", "\"expirySeconds\":300", "\"id\":\"k1\"", "\"payload\":\"go\"");
        assertThat(asked.get(1)).startsWith("GET /api/v1/devices/a%2Fb/commands/k1");
    }

    @Test
    void commandThatDoesNotReachItsDeviceSaysSo() {
        answer = r -> new Reply(202, "{\"id\":\"k\",\"state\":\"queued\",\"expiresAt\":\"later\"}");
        assertThat(runHere("command", "d", "x", "--wait", "0s").exitCode()).isEqualTo(3);
        assertThat(runHere("command", "d", "x").exitCode()).isZero();
        assertThat(runHere("command", "d").exitCode()).isEqualTo(2);
        assertThat(runHere("command", "d", "x", "--expiry", "soon").exitCode()).isEqualTo(2);
        answer = r -> new Reply(202, "{\"id\":\"k\",\"state\":\"expired\"}");
        assertThat(runHere("command", "d", "x", "--wait", "1s").exitCode()).isEqualTo(1);
        answer = r -> new Reply(404, "{\"error\":\"unknown_device\",\"message\":\"there is no device d\"}");
        assertThat(runHere("command", "d", "x").exitCode()).isEqualTo(4);
    }
}
