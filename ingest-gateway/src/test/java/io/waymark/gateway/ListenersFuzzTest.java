package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Anything is thrown at a whole gateway with a real spool, through its real sockets. After each input an honest client is
 * answered, and nothing was logged as an error.
 */
class ListenersFuzzTest {
    private static final int ANSWER_MILLIS_MAX = 10_000;
    private static final byte[] CONNECT_3 = RawClient.connect(4, "fuzz", true, 0);
    private static final byte[] CONNECT_5 = RawClient.connect(5, "fuzz", true, 0);

    /** One gateway for all inputs of a run: what one leaves behind, the next one meets. */
    private static final class Target {
        static final Target INSTANCE = new Target();

        final GatewayFixture fixture;
        final ListAppender<ILoggingEvent> logged = new ListAppender<>();
        final RawClient honest;

        Target() {
            try {
                Path directory = Files.createTempDirectory("waymark-fuzz");
                fixture = new GatewayFixture(directory, GatewayFixture.configWithWebSocket());
                honest = RawClient.connected(fixture.port(), 4, "honest");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            logged.start();
            ((Logger) LoggerFactory.getLogger("io.waymark.gateway")).addAppender(logged);
        }

        private void remove(Path directory) {
            fixture.close();
            try (Stream<Path> all = Files.walk(directory)) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** The honest client, and what else must hold after every input. */
        void check() throws IOException {
            honest.send("c000");
            assertThat(honest.receive()).isEqualTo("d000");
            assertThat(List.copyOf(logged.list))
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEmpty();
            logged.list.clear();
            if (fixture.spool.lastDurable() >= fixture.spool.first()) {
                fixture.spool.trim(fixture.spool.lastDurable());
            }
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static Stream<byte[]> packets() {
        return Stream.of(
                hex("3205 000174 0001"),
                hex("340a 000174 0002 0302 0009 78 6202 0002"),
                hex("8206 0001 000123 01 8208 0002 000374 2f2b 00"),
                hex("820c 0001 030bac02 0003612f23 2e"),
                hex("a206 0001 0002612b"),
                hex("3306 000172 0001 78 3103 000172"),
                hex("40020001 50020001 62020001 70020001"),
                hex("c000 e000"),
                hex("e007 00 05 1100000001"),
                hex("f000"));
    }

    @MethodSource("packets")
    @FuzzTest
    void mqtt3(byte[] octets) throws IOException {
        throwAt(Target.INSTANCE.fixture.gateway.mqttAddress(), CONNECT_3, octets);
    }

    @MethodSource("packets")
    @FuzzTest
    void mqtt5(byte[] octets) throws IOException {
        throwAt(Target.INSTANCE.fixture.gateway.mqttAddress(), CONNECT_5, octets);
    }

    static Stream<byte[]> connects() {
        return Stream.of(
                CONNECT_3,
                CONNECT_5,
                hex("1048 0004 4d515454 05 ee 0014 0d1100000e102100102700001388 0003616263"
                        + "1318000000050101020000003c2600016b000176 000477696c6c 0003627965 000475736572 000470617373"),
                "GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("connects")
    @FuzzTest
    void connect(byte[] octets) throws IOException {
        throwAt(Target.INSTANCE.fixture.gateway.mqttAddress(), new byte[0], octets);
    }

    static Stream<byte[]> frames() {
        return Stream.of(
                hex("8291 00000000 100f00044d5154540402003c0003616263"),
                hex("0281 00000000 10 808f 00000000 0f00044d5154540402003c0003616263"),
                hex("8980 00000000 8880 00000000"),
                hex("82ff 00000000ffffffff 00000000"));
    }

    @MethodSource("frames")
    @FuzzTest
    void webSocket(byte[] octets) throws IOException {
        throwAt(Target.INSTANCE.fixture.gateway.webSocketAddress().orElseThrow(), RawClient.webSocketUpgrade(), octets);
    }

    /** Writes, says that nothing follows, reads to the end. */
    private static void throwAt(InetSocketAddress address, byte[] before, byte[] octets) throws IOException {
        BugDetectors.allowNetworkConnections();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before);
        all.writeBytes(octets);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.getOutputStream().write(all.toByteArray());
            // Whatever is said is read to its end, and then the gateway closes.
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe");
        }
        Target.INSTANCE.check();
    }
}
