package io.waymark.platform.bench;

import io.waymark.platform.cli.NodeConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code waymark bench resolve}: resolution over UDP, TCP or HTTP, on any Handle server. */
@Command(
        name = "resolve",
        header = "Resolve handles as fast as the server answers, or at a fixed rate.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  waymark bench resolve --records 1000000 --zipf 0.99 --server-pid 4711",
            "  waymark bench resolve --transport tcp --server 127.0.0.1:2641 --rate 20000",
            "  waymark bench resolve --transport http -c 64 --names-file handles.txt",
            "  waymark bench resolve --names 88.118.8/none%%07d --expect not-found"
        })
final class BenchResolveCommand extends LoadCommand {
    private static final int HTTP_OK = 200;
    private static final int HTTP_NOT_FOUND = 404;
    private static final int HANDLE_NOT_FOUND = 100;

    /** How requests travel. */
    enum Transport {
        /** Handle protocol, datagrams. */
        UDP("handle.udp", 4, 64),
        /** Handle protocol, pipelined connections. */
        TCP("handle.tcp", 8, 64),
        /** JSON, kept-alive connections. */
        HTTP("resolver.http", 32, 1);

        private final String listener;
        private final int connections;
        private final int window;

        Transport(String listener, int connections, int window) {
            this.listener = listener;
            this.connections = connections;
            this.window = window;
        }
    }

    /** Which answer is the right one. */
    enum Expect {
        /** The record. */
        FOUND,
        /** That there is none. */
        NOT_FOUND
    }

    @Option(
            names = {"-t", "--transport"},
            paramLabel = "udp|tcp|http",
            defaultValue = "UDP",
            description = "How to ask (default: udp).")
    private Transport transport = Transport.UDP;

    @Option(
            names = "--names",
            paramLabel = "PATTERN",
            defaultValue = "88.118.8/k%07d",
            description = "Handles to ask for: a pattern with one %%d or %%0Nd (default: ${DEFAULT-VALUE}).")
    private String pattern = "88.118.8/k%07d";

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "100000",
            description = "The pattern's numbers run from 0 to N-1 (default: ${DEFAULT-VALUE}).")
    private long records;

    @Option(names = "--names-file", paramLabel = "FILE", description = "Handles to ask for, one per line, instead.")
    private @Nullable Path namesFile;

    @Option(
            names = "--zipf",
            paramLabel = "S",
            description = "Some handles far more often than others, by Zipf's law with exponent S, such as 0.99;"
                    + " without it all alike.")
    private @Nullable Double zipf;

    @Option(names = "--type", paramLabel = "TYPE", description = "Ask only for values of this type; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--index", paramLabel = "N", description = "Ask only for this index; may be repeated.")
    private List<Integer> indexes = new ArrayList<>();

    @Option(
            names = "--expect",
            paramLabel = "ANSWER",
            defaultValue = "FOUND",
            converter = ExpectConverter.class,
            description = "Which answer counts as success: found or not-found (default: found).")
    private Expect expect = Expect.FOUND;

    /** Accepts {@code not-found} for {@link Expect#NOT_FOUND}. */
    static final class ExpectConverter implements picocli.CommandLine.ITypeConverter<Expect> {
        @Override
        public Expect convert(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "found" -> Expect.FOUND;
                case "not-found" -> Expect.NOT_FOUND;
                default ->
                    throw new picocli.CommandLine.TypeConversionException(
                            "must be found or not-found but was \"" + value + "\"");
            };
        }
    }

    @Override
    Load load(LoadOptions options) throws IOException, InterruptedException {
        InetSocketAddress server = server(transport.listener);
        LoadPlan plan = options.plan(transport.connections, transport.window);
        String title = "resolve over " + transport + " at " + NodeConnection.hostAndPort(server) + ", " + population();
        return new Load(title, plan, links(server, plan.window()));
    }

    private String population() {
        String what = namesFile == null ? pattern + " 0.." + (records - 1) : namesFile.toString();
        return what + (zipf == null ? ", uniform" : ", Zipf " + zipf);
    }

    private LoadRun.Links links(InetSocketAddress server, int window) throws IOException {
        List<String> listed = namesFile == null ? List.of() : Names.readFile(namesFile);
        HandleMessage message =
                new HandleMessage(types, indexes, Clock.systemUTC().millis() / 1000);
        boolean found = expect == Expect.FOUND;
        int code = found ? HandleMessage.SUCCESS : HANDLE_NOT_FOUND;
        return switch (transport) {
            case UDP -> n -> new UdpLink(server, message, names(listed, UnaryOperator.identity(), n), window, code);
            case TCP ->
                n -> new HandleTcpLink(server, message, names(listed, UnaryOperator.identity(), n), window, code);
            case HTTP ->
                n -> new HttpLink(
                        server,
                        names(listed, NodeConnection::encode, n),
                        query(),
                        window,
                        found ? HTTP_OK : HTTP_NOT_FOUND);
        };
    }

    private Names names(List<String> listed, UnaryOperator<String> encode, int seed) {
        return listed.isEmpty()
                ? Names.numbered(NamePattern.parse(pattern), encode, chooser(records, seed))
                : Names.listed(listed, encode, chooser(listed.size(), seed));
    }

    private Chooser chooser(long n, int seed) {
        if (n < 1) {
            throw new IllegalArgumentException("--records must be at least 1 but was " + n);
        }
        return zipf == null ? Chooser.uniform(n, seed) : Chooser.zipf(n, zipf, seed);
    }

    private String query() {
        StringBuilder query = new StringBuilder();
        types.forEach(type -> query.append("&type=").append(NodeConnection.encode(type)));
        indexes.forEach(index -> query.append("&index=").append(index));
        return query.length() == 0 ? "" : query.replace(0, 1, "?").toString();
    }
}
