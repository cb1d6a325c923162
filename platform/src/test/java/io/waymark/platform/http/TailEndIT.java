package io.waymark.platform.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who watches devices when the node stops. */
class TailEndIT {
    private static final String VIEWERS = "waymark.gateway.tail.viewers";

    /** A few times that is more than a connection takes which nobody reads. */
    private static final String MANY = ("\"" + "x".repeat(4_000) + "\"\n").repeat(500);

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger(HttpServer.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
    }

    /** Every request ended before the node gave up waiting: that it would say. */
    private void assertNobodyWasWaitedFor() {
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Test
    void aViewerIsShownWhatCameAndThatItIsOverAndIsNotWaitedFor() throws Exception {
        try (DeviceNode node = DeviceNode.open(directory);
                BufferedReader idle = reader(node, "?device=nobody");
                BufferedReader busy = reader(node, "")) {
            await().until(() -> node.gauge(VIEWERS) == 2);
            node.send("POST", "/api/v1/ingest/belt-1", "7.5");
            node.stopHttp();
            assertThat(nonEmpty(idle)).containsExactly("{\"ended\":\"the node stops\"}");
            assertThat(nonEmpty(busy))
                    .satisfiesExactly(
                            message -> assertThat(message).contains("\"device\":\"belt-1\""),
                            last -> assertThat(last).isEqualTo("{\"ended\":\"the node stops\"}"));
            assertNobodyWasWaitedFor();
        }
    }

    @Test
    void aViewerThatReadsNothingIsNotWaitedForEither() throws Exception {
        try (DeviceNode node = DeviceNode.open(directory);
                Socket stalled = new Socket()) {
            URI url = URI.create(node.url());
            stalled.setReceiveBufferSize(4_096);
            stalled.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            stalled.getOutputStream()
                    .write(("GET /api/v1/tail HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer " + DeviceNode.TOKEN
                                    + "\r\n\r\n")
                            .getBytes(UTF_8));
            await().until(() -> node.gauge(VIEWERS) == 1);
            while (node.counter("waymark.gateway.tail.dropped") == 0) {
                node.sendLines("belt-1", MANY).json();
            }
            node.stopHttp();
            assertNobodyWasWaitedFor();
        }
    }

    private static BufferedReader reader(DeviceNode node, String query) throws Exception {
        return new BufferedReader(new InputStreamReader(node.stream("/api/v1/tail" + query), UTF_8));
    }

    /** Until its end, without signs of life. */
    private static List<String> nonEmpty(BufferedReader lines) {
        try (Stream<String> all = lines.lines()) {
            return all.filter(line -> !line.isEmpty()).toList();
        }
    }
}
