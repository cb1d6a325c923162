package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.platform.cli.terminal.DisplayWidth;
import io.waymark.platform.cli.terminal.Style;
import io.waymark.platform.cli.terminal.Table;
import io.waymark.resolver.client.HandleClient;
import io.waymark.resolver.http.HandleJson;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code waymark resolve}: asks a Handle server, ours or any other, and shows what it answers. */
@Command(
        name = "resolve",
        header = "Ask a Handle server for the values of a handle.",
        description = {
            "Speaks the Handle protocol; shows the values, the response code and the round-trip time.",
            "Without --server the running node is asked; there a GS1 code, EPC or other alias finds its record too."
        },
        exitCodeList = {
            "0:Values were found.",
            "1:No answer, or the server answered with an error.",
            ExitCodes.USAGE_TEXT,
            "4:The handle, or the wanted values of it, do not exist."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark resolve 88.118.8/TIN-1001",
            "  waymark resolve 88.118.8/TIN-1001 --tcp --type URL",
            "  waymark resolve 0.NA/88.118.8 --server handle.example:2641",
            "  waymark resolve '(01)06901234000016(21)1001' --json"
        })
public final class ResolveCommand extends ReportingCommand {
    private static final Pattern HANDLE = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.-]*/.+", Pattern.DOTALL);

    @Parameters(paramLabel = "HANDLE|CODE", description = "A handle, or a code the running node knows as an alias.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String code;

    @Option(
            names = "--server",
            paramLabel = "HOST[:PORT]",
            description = "Ask this server (default port 2641, or 8000 with --http).")
    private @Nullable String server;

    @ArgGroup(exclusive = true)
    private @Nullable By by;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only values of this type; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--index", paramLabel = "N", description = "Only the value with this index; may be repeated.")
    private List<Integer> indexes = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Give up after so long (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 5;

    /** What the record found is of, when the code itself has none: its lot or product. */
    private String wider = "";

    /** The ways to ask; picocli allows one of them. */
    static final class By {
        @Option(names = "--udp", description = "Ask by UDP (the default).")
        private boolean udp;

        @Option(names = "--tcp", description = "Ask by TCP.")
        private boolean tcp;

        @Option(names = "--http", description = "Ask through the HTTP tunnel.")
        @SuppressWarnings("UnusedVariable") // the one left when neither of the others was given
        private boolean http;

        Transport transport() {
            if (udp) {
                return Transport.UDP;
            }
            return tcp ? Transport.TCP : Transport.HTTP;
        }
    }

    @Override
    protected int run() throws IOException, InterruptedException {
        if (timeoutSeconds < 1 || timeoutSeconds > 600) {
            throw new CliException(ExitCodes.USAGE, "--timeout must be in 1..600 seconds but was " + timeoutSeconds);
        }
        Transport transport = by == null ? Transport.UDP : by.transport();
        String handle = server == null && !HANDLE.matcher(code).matches() ? handleOfAlias() : code;
        InetSocketAddress at = server == null ? ownServer(transport) : givenServer(server, transport);
        HandleClient.Response response = ask(transport, at, handle);
        if (json) {
            printJson(asJson(response, handle, transport, at));
        } else {
            show(response, handle, transport, at);
        }
        return exitCode(response);
    }

    /** A code of another scheme is no handle: the node knows whose alias it is. */
    private String handleOfAlias() throws IOException, InterruptedException {
        JsonNode known = node.get("/api/v1/lookup?code=" + NodeConnection.encode(code))
                .orFail()
                .json();
        String handle = known.path("handle").asText("");
        if (handle.isEmpty()) {
            String identifier = known.path("identifier").asText(code);
            throw new CliException(
                    ExitCodes.NOT_FOUND,
                    "no record is registered for " + identifier
                            + ": register one with \"waymark register HANDLE … --code CODE\"");
        }
        String matched = known.path("matched").asText("");
        wider = matched.equals(known.path("identifier").asText("")) ? "" : matched;
        return handle;
    }

    private InetSocketAddress ownServer(Transport transport) throws IOException, InterruptedException {
        String name = switch (transport) {
            case UDP -> "handle.udp";
            case TCP -> "handle.tcp";
            case HTTP -> "resolver.http";
        };
        return node.listener(name)
                .orElseThrow(() -> CliException.failed("the node has no listener " + name
                        + ": its resolver does not run; name a server with --server"));
    }

    private static InetSocketAddress givenServer(String server, Transport transport) {
        boolean bareIpv6 = server.indexOf(':') != server.lastIndexOf(':') && !server.startsWith("[");
        String host = bareIpv6 ? "[" + server + "]" : server;
        boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']') && host.indexOf(':') >= 0;
        String port = transport == Transport.HTTP ? ":8000" : ":2641";
        return NodeConnection.socketAddress(hasPort ? host : host + port);
    }

    private HandleClient.Response ask(Transport transport, InetSocketAddress at, String handle) throws IOException {
        int[] wanted = indexes.stream().mapToInt(Integer::intValue).toArray();
        String where = NodeConnection.hostAndPort(at) + " by " + transport;
        try {
            return new HandleClient().resolve(transport, at, handle, types, wanted, Duration.ofSeconds(timeoutSeconds));
        } catch (SocketTimeoutException e) {
            throw CliException.failed("no answer from " + where + " within " + timeoutSeconds + " s: check the address"
                    + (transport == Transport.UDP ? ", or try --tcp" : ""));
        } catch (IOException e) {
            throw CliException.failed("asking " + where + " failed: " + NodeConnection.reason(e));
        }
    }

    private void show(HandleClient.Response response, String handle, Transport transport, InetSocketAddress at) {
        Style style = response.found() ? Style.GOOD : Style.WARNING;
        out().println(screen().paint(Style.STRONG, DisplayWidth.printable(handle)) + "  "
                + screen().paint(style, words(response)));
        if (!wider.isEmpty()) {
            String note = code + " has no record of its own; this is the record of " + wider;
            out().println(screen().paint(Style.WARNING, DisplayWidth.printable(note)));
        } else if (!handle.equals(code)) {
            out().println(screen().paint(Style.FAINT, "known for " + DisplayWidth.printable(code)));
        }
        out().println(screen().paint(Style.FAINT, how(response, transport, at)));
        if (!response.message().isEmpty()) {
            out().println("the server says: " + DisplayWidth.printable(response.message()));
        }
        if (!response.values().isEmpty()) {
            out().println();
            print(table(response.values()).draw(screen()));
        }
    }

    private String how(HandleClient.Response response, Transport transport, InetSocketAddress at) {
        return String.format(
                Locale.ROOT,
                "%s %s, %.2f ms, %d bytes%s%s",
                transport,
                NodeConnection.hostAndPort(at),
                millis(response),
                response.bytes(),
                response.authoritative() ? ", authoritative" : "",
                response.attempts() > 1 ? ", " + response.attempts() + " attempts" : "");
    }

    private Table table(List<HandleValue> values) {
        Table table = new Table("INDEX", "TYPE", "TTL", "CHANGED", "ADMIN/PUBLIC", "DATA");
        for (HandleValue v : values) {
            table.add(
                    Integer.toString(v.index()),
                    v.type(),
                    ValueText.timeToLive(v.ttl(), screen().zone()),
                    ValueText.time(v.timestampSeconds(), screen().zone()),
                    ValueText.permissions(v.permissions()),
                    ValueText.data(v));
        }
        return table;
    }

    private static ObjectNode asJson(
            HandleClient.Response response, String handle, Transport transport, InetSocketAddress at) {
        List<HandleValue> shown =
                response.values().stream().filter(v -> !ValueText.isSecret(v)).toList();
        ObjectNode json = HandleJson.toJson(response.handle().isEmpty() ? handle : response.handle(), shown);
        json.put("responseCode", response.codeNumber());
        if (!response.message().isEmpty()) {
            json.put("message", response.message());
        }
        json.put("server", NodeConnection.hostAndPort(at)).put("transport", transport.tag());
        json.put("roundTripMillis", Math.round(millis(response) * 1000) / 1000.0);
        json.put("bytes", response.bytes()).put("attempts", response.attempts());
        return json;
    }

    private static double millis(HandleClient.Response response) {
        return response.roundTrip().toNanos() / 1e6;
    }

    private static String words(HandleClient.Response response) {
        String name = response.code()
                .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .orElse("unknown response code");
        return name + " (" + response.codeNumber() + ")";
    }

    private static int exitCode(HandleClient.Response response) {
        if (response.found()) {
            return ExitCodes.OK;
        }
        boolean nothing = response.codeNumber() == ResponseCode.HANDLE_NOT_FOUND.code()
                || response.codeNumber() == ResponseCode.VALUES_NOT_FOUND.code();
        return nothing ? ExitCodes.NOT_FOUND : ExitCodes.FAILED;
    }
}
