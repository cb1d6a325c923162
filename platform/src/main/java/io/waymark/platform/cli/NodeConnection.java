package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a command finds a running node and speaks with it over HTTP: through the node's data folder ({@code ready.json} and
 * {@code admin.token}), or through {@code --url} and {@code --token}.
 *
 * <p>Mixed into commands; used by one thread. Failures to reach the node are {@link CliException}s that say what to do.
 */
public final class NodeConnection {
    /** The file a running node keeps in its data folder: listener name → address. */
    public static final String READY_FILE = "ready.json";
    /** The file with the operator's token, readable by its owner only. */
    public static final String TOKEN_FILE = "admin.token";
    /** The environment variable that holds a token. */
    public static final String TOKEN_VARIABLE = "WAYMARK_TOKEN";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SEND_TIMEOUT = Duration.ofHours(24);
    private static final String PLATFORM = "platform.http";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Data folder of the running node; its address and token are read there (default: ./data).")
    private Path data = Path.of("data");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the node's platform HTTP, such as http://127.0.0.1:8080, instead of --data.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Operator's token. Others on this machine can see it: prefer the environment variable "
                    + TOKEN_VARIABLE + ".")
    private @Nullable String token;

    private @Nullable HttpClient client;

    /** For picocli. */
    public NodeConnection() {}

    /** For callers that know where the node is. */
    public NodeConnection(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    /**
     * A node's answer.
     *
     * @param status HTTP status
     * @param json the body; missing when there was none or it was no JSON
     */
    public record Answer(int status, JsonNode json) {
        /** Whether the status is 2xx. */
        public boolean ok() {
            return status / 100 == 2;
        }

        /** The answer itself if it is 2xx. */
        public Answer orFail() {
            if (ok()) {
                return this;
            }
            throw new CliException(status == 404 ? ExitCodes.NOT_FOUND : ExitCodes.FAILED, message());
        }

        /** What the node says went wrong, with advice where the status asks for some. */
        public String message() {
            String said = json.path("message").asText("");
            String told = said.isEmpty() ? "the node answered HTTP " + status : said;
            return switch (status) {
                case 401, 403 ->
                    told + " (the token is taken from --token, " + TOKEN_VARIABLE + " or DIR/" + TOKEN_FILE + ")";
                case 503 -> told + " (the node is not ready yet: try again in a moment)";
                default -> told;
            };
        }
    }

    /** The data folder named on the command line. */
    public Path data() {
        return data;
    }

    /** Whether the node was named by {@code --url}. */
    public boolean hasUrl() {
        return url != null;
    }

    /** Where the node's platform HTTP answers. */
    public URI baseUrl() {
        URI given = url;
        if (given != null) {
            if (given.getHost() == null || !("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
                throw new CliException(
                        ExitCodes.USAGE, "--url must look like http://127.0.0.1:8080 but was \"" + given + "\"");
            }
            return given;
        }
        String address = listenersOfFile().get(PLATFORM);
        if (address == null) {
            throw CliException.failed(data.resolve(READY_FILE) + " names no " + PLATFORM
                    + " listener: this node runs without its platform HTTP; name another one with --url");
        }
        InetSocketAddress at = socketAddress(address);
        return URI.create("http://" + hostAndPort(at));
    }

    /** Listener name → address of the node, from its ready file or, with {@code --url}, from its health report. */
    public Map<String, String> listeners() throws IOException, InterruptedException {
        return hasUrl() ? asMap(get("/health").json().path("listeners")) : listenersOfFile();
    }

    /** The address of one listener, if the node has it. */
    public Optional<InetSocketAddress> listener(String name) throws IOException, InterruptedException {
        return Optional.ofNullable(listeners().get(name)).map(NodeConnection::socketAddress);
    }

    /** The node's resolution door, with the same token. */
    public NodeConnection resolver() throws IOException, InterruptedException {
        InetSocketAddress at = listener("resolver.http")
                .orElseThrow(
                        () -> CliException.failed("the node has no listener resolver.http: its resolver does not run"));
        return new NodeConnection(
                URI.create("http://" + hostAndPort(at)), findToken().orElse(""));
    }

    /** The answer to a GET. */
    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** The answer to a POST with a JSON body. */
    public Answer post(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8)));
    }

    /** The answer to a POST with any body. */
    public Answer post(String path, String contentType, byte[] body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    /** The answer to a PUT with a JSON body. */
    public Answer put(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8)));
    }

    /** The answer to a PATCH with a JSON body. */
    public Answer patch(String path, JsonNode body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8)));
    }

    /** The answer to a DELETE. */
    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    /** The body of a GET as it comes; the caller closes it. Fails unless the status is 2xx. */
    public InputStream stream(String path) throws IOException, InterruptedException {
        return streamOf(exchange(request(path).GET(), BodyHandlers.ofInputStream()));
    }

    private static InputStream streamOf(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() / 100 == 2) {
            return response.body();
        }
        try (InputStream body = response.body()) {
            new Answer(response.statusCode(), parse(body.readNBytes(1 << 16))).orFail();
        }
        throw new IllegalStateException("status " + response.statusCode() + " is 2xx or fails");
    }

    /** The answer to a POST as it comes; the caller closes it. Fails unless the status is 2xx. */
    public InputStream postForStream(String path, String contentType, BodyPublisher body)
            throws IOException, InterruptedException {
        return streamOf(exchange(
                request(path)
                        .timeout(SEND_TIMEOUT)
                        .header("Content-Type", contentType)
                        .POST(body),
                BodyHandlers.ofInputStream()));
    }

    /** A path or query part with everything but unreserved characters and slashes percent-encoded. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%7E", "~");
    }

    /** One segment of a path, or a query's value: as {@link #encode}, slashes too. */
    static String encodeWhole(String text) {
        return encode(text).replace("/", "%2F");
    }

    /** Reads {@code HOST:PORT}, {@code [IPv6]:PORT} or either with a slash in front. */
    public static InetSocketAddress socketAddress(String text) {
        String address = text.substring(text.indexOf('/') + 1);
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
            throw new CliException(ExitCodes.USAGE, "an address must be HOST:PORT but was \"" + text + "\"");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetSocketAddress at = new InetSocketAddress(host, Integer.parseInt(port));
        if (at.isUnresolved()) {
            throw CliException.failed("host \"" + host + "\" is unknown: check its spelling and the name server");
        }
        // a listener on every address is reached through loopback
        return at.getAddress().isAnyLocalAddress() ? new InetSocketAddress("127.0.0.1", at.getPort()) : at;
    }

    /** The address as it stands in a URL. */
    public static String hostAndPort(InetSocketAddress at) {
        String host = at.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + at.getPort();
    }

    /** What an exception means, for people. */
    static String reason(IOException e) {
        String message = e.getMessage();
        if (e instanceof ConnectException || e instanceof PortUnreachableException) {
            return "nothing listens there";
        }
        if (e instanceof NoSuchFileException) {
            return "there is no file " + message;
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied for " + message;
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(baseUrl().toString().replaceFirst("/+$", "") + path))
                .timeout(ANSWER_TIMEOUT);
        findToken().ifPresent(t -> request.header("Authorization", "Bearer " + t));
        return request;
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = exchange(request, BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), parse(response.body()));
    }

    private <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try {
            return client().send(request.build(), body);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw CliException.failed("no node answers at " + baseUrl() + ": start one with \"waymark serve"
                    + (hasUrl() ? "\"" : " --data " + data + "\"") + " or check the address");
        } catch (HttpTimeoutException e) {
            throw CliException.failed("the node at " + baseUrl() + " did not answer within "
                    + ANSWER_TIMEOUT.toSeconds() + " s: look at its log and at waymark doctor");
        }
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
            client = made;
        }
        return made;
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private Map<String, String> listenersOfFile() {
        Path file = data.resolve(READY_FILE);
        try {
            return asMap(JSON.readTree(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw CliException.failed("no node runs on " + data + " (there is no " + file
                    + "): start one with \"waymark serve --data " + data + "\", or name one with --data or --url");
        } catch (IOException e) {
            throw CliException.failed(file + " cannot be read (" + reason(e) + "): name the node with --url");
        }
    }

    private static Map<String, String> asMap(JsonNode json) {
        Map<String, String> map = new LinkedHashMap<>();
        json.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
        return map;
    }

    private Optional<String> findToken() {
        String given = token != null ? token : System.getenv(TOKEN_VARIABLE);
        if (given != null && !given.isBlank()) {
            return Optional.of(given.trim());
        }
        Path file = data.resolve(TOKEN_FILE);
        if (hasUrl() || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).trim());
        } catch (IOException e) {
            throw CliException.failed("the token file " + file + " cannot be read (" + reason(e)
                    + "): run as its owner or set " + TOKEN_VARIABLE);
        }
    }
}
