package io.waymark.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.storage.spool.SpoolMessage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule by name, in octets; and another client that must not notice. */
class MalformedPacketsIT {
    @TempDir
    static Path directory;

    static GatewayFixture fixture;
    static RawClient bystander;

    @BeforeAll
    static void open() throws Exception {
        fixture = GatewayFixture.open(directory);
        bystander = RawClient.connected(fixture.port(), 4, "bystander");
    }

    @AfterAll
    static void close() throws Exception {
        bystander.close();
        fixture.close();
    }

    static Arguments rule(String name, String octets, String... answers) {
        return Arguments.of(name, octets, answers);
    }

    /** Before CONNECT is accepted. Answers: the packets that come back, the last one "closed". */
    static Stream<Arguments> beforeConnect() {
        return Stream.of(
                rule("the first packet must be CONNECT", "c000", "closed"),
                rule("packet type 0 is reserved", "0000", "closed"),
                rule("remaining length has at most four octets", "10 ffffffff 01", "closed"),
                rule("protocol name must be MQTT", "100f 0004 4d515458 04 02 003c 0003 616263", "closed"),
                rule("level 3 has another name", "100f 0004 4d515454 03 02 003c 0003 616263", "20020001", "closed"),
                rule(
                        "level 6 is answered as 3.1.1 demands",
                        "1010 0004 4d515454 06 02 003c 00 0003 616263",
                        "20020001",
                        "closed"),
                rule("reserved connect flag must be 0", "100f 0004 4d515454 04 03 003c 0003 616263", "closed"),
                rule("will QoS without will", "100f 0004 4d515454 04 0a 003c 0003 616263", "closed"),
                rule("will QoS 3", "1017 0004 4d515454 04 1e 003c 0003 616263 0001 74 0001 70", "closed"),
                rule("will retain without will", "100f 0004 4d515454 04 22 003c 0003 616263", "closed"),
                rule("will topic with wildcard", "1015 0004 4d515454 04 06 003c 0003 616263 0001 23 0001 70", "closed"),
                rule(
                        "password without user name in 3.1.1",
                        "1012 0004 4d515454 04 42 003c 0003 616263 0001 70",
                        "closed"),
                rule(
                        "empty client id without clean session",
                        "100c 0004 4d515454 04 00 003c 0000",
                        "20020002",
                        "closed"),
                rule(
                        "client id with a control character",
                        "100f 0004 4d515454 04 02 003c 0003 610162",
                        "20020002",
                        "closed"),
                rule("octets left over", "1010 0004 4d515454 04 02 003c 0003 616263 00", "closed"),
                rule("inner length behind the packet", "100f 0004 4d515454 04 02 003c 00ff 616263", "closed"),
                rule("client id cut off", "100b 0004 4d515454 04 02 003c 00", "closed"),
                rule("overlong UTF-8", "100e 0004 4d515454 04 02 003c 0002 c080", "closed"),
                rule("surrogate in UTF-8", "100f 0004 4d515454 04 02 003c 0003 eda080", "closed"),
                rule("U+0000", "100d 0004 4d515454 04 02 003c 0001 00", "closed"),
                rule(
                        "v5 repeated property",
                        "101a 0004 4d515454 05 02 003c 0a 1100000001 1100000002 0003 616263",
                        "2082",
                        "closed"),
                rule(
                        "v5 property in the wrong packet",
                        "1012 0004 4d515454 05 02 003c 02 0101 0003 616263",
                        "2081",
                        "closed"),
                rule("v5 receive maximum 0", "1013 0004 4d515454 05 02 003c 03 210000 0003 616263", "2082", "closed"),
                rule(
                        "v5 maximum packet size 0",
                        "1015 0004 4d515454 05 02 003c 05 2700000000 0003 616263",
                        "2082",
                        "closed"),
                rule("v5 unknown property", "1012 0004 4d515454 05 02 003c 02 7f00 0003 616263", "2081", "closed"),
                rule(
                        "v5 authentication data without method",
                        "1014 0004 4d515454 05 02 003c 04 16000178 0003 616263",
                        "2082",
                        "closed"),
                rule(
                        "v5 authentication method is not offered",
                        "1014 0004 4d515454 05 02 003c 04 15000178 0003 616263",
                        "208c",
                        "closed"),
                rule(
                        "v5 property length behind the packet",
                        "1010 0004 4d515454 05 02 003c 7f 0003 616263",
                        "2081",
                        "closed"),
                rule("a packet larger than any CONNECT", "10 ffffff7f", "closed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void beforeConnect(String name, String octets, String[] answers) throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(octets);
            assertAnswers(client, answers, 6);
        }
        bystanderIsUnharmed();
    }

    /** Version 3.1.1, connected: the only answer is to close. */
    static Stream<Arguments> version3() {
        return Stream.of(
                rule("a second CONNECT", "100f 0004 4d515454 04 02 003c 0003 616263"),
                rule("CONNACK from a client", "20020000"),
                rule("SUBACK from a client", "9003000100"),
                rule("UNSUBACK from a client", "b0020001"),
                rule("PINGRESP from a client", "d000"),
                rule("AUTH in 3.1.1", "f000"),
                rule("PINGREQ with a body", "c00100"),
                rule("PINGREQ with flags", "c100"),
                rule("PUBLISH with QoS 3", "36 06 0001 74 0001 78"),
                rule("PUBLISH with DUP and QoS 0", "38 04 0001 74 78"),
                rule("PUBLISH with an empty topic", "30 02 0000"),
                rule("PUBLISH with a wildcard", "30 03 0001 23"),
                rule("PUBLISH with packet identifier 0", "32 05 0001 74 0000"),
                rule("PUBLISH without packet identifier", "32 03 0001 74"),
                rule("PUBLISH with a topic behind the packet", "30 03 00ff 74"),
                rule("PUBLISH to a topic of the server", "32 08 0004 24535953 0001"),
                rule("PUBREL with wrong flags", "60 02 0001"),
                rule("PUBACK with packet identifier 0", "40 02 0000"),
                rule("PUBACK with octets left over", "40 03 0001 00"),
                rule("SUBSCRIBE with wrong flags", "80 06 0001 0001 74 00"),
                rule("SUBSCRIBE without filter", "82 02 0001"),
                rule("SUBSCRIBE without QoS", "82 05 0001 0001 74"),
                rule("SUBSCRIBE with QoS 3", "82 06 0001 0001 74 03"),
                rule("SUBSCRIBE with reserved bits", "82 06 0001 0001 74 04"),
                rule("SUBSCRIBE cut in its filter", "82 05 0001 0004 74"),
                rule("UNSUBSCRIBE without filter", "a2 02 0001"),
                rule("UNSUBSCRIBE cut in its filter", "a2 05 0001 0004 74"),
                rule("DISCONNECT with a body", "e00100"),
                rule("a packet larger than allowed", "30 ffff7f"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void version3(String name, String octets, String[] answers) throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 4, "malformed-3")) {
            client.send(octets);
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
        bystanderIsUnharmed();
    }

    /** Version 5, connected: DISCONNECT with the reason, then closed. */
    static Stream<Arguments> version5() {
        return Stream.of(
                rule("a second CONNECT", "1010 0004 4d515454 05 02 003c 00 0003 616263", "82"),
                rule("CONNACK from a client", "2003000000", "82"),
                rule("AUTH without method", "f000", "82"),
                rule("PUBLISH with an empty topic and no alias", "30 03 0000 00", "82"),
                rule("topic alias 0", "30 07 0001 74 03 230000", "94"),
                rule("topic alias above the maximum", "30 07 0001 74 03 23ffff", "94"),
                rule("unknown topic alias", "30 06 0000 03 230001", "82"),
                rule("subscription identifier from a client", "30 06 0001 74 02 0b01", "82"),
                rule("repeated content type", "30 0c 0001 74 08 03000161 03000162", "82"),
                rule("payload format indicator 2", "30 06 0001 74 02 0102", "82"),
                rule("response topic with a wildcard", "30 08 0001 74 04 08000123", "82"),
                rule("content type with bad UTF-8", "30 08 0001 74 04 030001ff", "81"),
                rule("a property cut off by the property length", "30 06 0001 74 02 0300", "81"),
                rule("property length behind the packet", "30 04 0001 74 7f", "81"),
                rule("topic with a wildcard", "30 04 0001 2b 00", "81"),
                rule("SUBSCRIBE with subscription identifier 0", "82 09 0001 02 0b00 0001 74 00", "82"),
                rule("SUBSCRIBE with two subscription identifiers", "82 0b 0001 04 0b010b02 0001 74 00", "82"),
                rule("SUBSCRIBE with retain handling 3", "82 07 0001 00 0001 74 30", "81"),
                rule("SUBSCRIBE with reserved bits", "82 07 0001 00 0001 74 40", "81"),
                rule("no local on a shared subscription", "82 0f 0001 00 0009 2473686172652f6761 04", "82"),
                rule("PUBACK with a reason that is none", "40 03 0001 01", "82"),
                rule("PUBREL with a reason of PUBACK", "62 03 0001 10", "82"),
                rule("DISCONNECT with a reason of servers", "e0 01 8e", "82"),
                rule("DISCONNECT raising the session expiry", "e0 07 00 05 1100000001", "82"),
                rule("a packet larger than allowed", "30 ffff7f", "95"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void version5(String name, String octets, String[] answers) throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 5, "malformed-5")) {
            client.send(octets);
            String disconnect = client.receive();
            assertThat(disconnect).as("DISCONNECT").startsWith("e0");
            assertThat(disconnect.substring(4, 6)).as("reason").isEqualTo(answers[0]);
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
        bystanderIsUnharmed();
    }

    private static void assertAnswers(RawClient client, String[] answers, int reasonAt) throws Exception {
        for (String answer : answers) {
            String got = client.receive();
            if (answer.length() == 4) {
                // CONNACK of version 5: type and reason code.
                assertThat(got.substring(0, 2) + got.substring(reasonAt, reasonAt + 2))
                        .isEqualTo(answer);
            } else {
                assertThat(got).isEqualTo(answer);
            }
        }
    }

    private static void bystanderIsUnharmed() throws Exception {
        bystander.send("c000");
        assertThat(bystander.receive()).isEqualTo("d000");
    }

    @Test
    void refusedFiltersAreAnsweredOneByOne() throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 5, "filters")) {
            // a/# · a# · $share/g/t · +
            client.send("82 1f 0007 00 0003 612f23 01 0002 6123 00 000a 2473686172652f672f74 00 0001 2b 02");
            assertThat(client.receive()).isEqualTo("90 07 0007 00 01 8f 00 02".replace(" ", ""));
        }
        try (RawClient client = RawClient.connected(fixture.port(), 4, "filters")) {
            client.send("82 0d 0007 0003 612f23 01 0002 6123 00");
            assertThat(client.receive()).isEqualTo("9004 0007 01 80".replace(" ", ""));
        }
    }

    @Test
    void messagesToTopicsOfTheServerAreRefusedWithoutClosing() throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 5, "dollar")) {
            client.send("32 09 0004 24535953 0001 00");
            assertThat(client.receive()).isEqualTo("4003000187");
            client.send("34 09 0004 24535953 0002 00");
            assertThat(client.receive()).isEqualTo("5003000287");
            client.send("c000");
            assertThat(client.receive()).isEqualTo("d000");
        }
    }

    @Test
    void topicAliasesStandForTopics() throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 5, "alias")) {
            client.send("32 0a 0001 74 0001 03 230001 61");
            assertThat(client.receive()).isEqualTo("40020001");
            client.send("32 09 0000 0002 03 230001 62");
            assertThat(client.receive()).isEqualTo("40020002");
        }
        assertThat(fixture.spooled())
                .filteredOn(message -> message.deviceId().equals("alias"))
                .extracting(SpoolMessage::topic)
                .containsExactly("t", "t");
    }

    /** Some clients repeat a message on the next connection with the alias of the last. */
    @Test
    void lastingSessionsAreGrantedNoTopicAlias() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(RawClient.connect(5, "lasting-alias", true, 60));
            assertThat(client.receive()).startsWith("20").contains("220000");
            client.send("32 0a 0001 74 0001 03 230001 61");
            assertThat(client.receive()).startsWith("e0").contains("94");
        }
    }

    @Test
    void silenceBeforeConnectIsEnded() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send("10");
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
        assertThat(fixture.metric("waymark.gateway.refused", "reason", "connect_timeout"))
                .isPositive();
    }

    @Test
    void silenceLongerThanTheKeepAliveIsEnded() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send("1010 0004 4d515454 05 02 0001 00 0003 616263");
            assertThat(client.receive()).startsWith("20");
            long begin = System.nanoTime();
            assertThat(client.receive()).startsWith("e0").contains("8d");
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
            assertThat(System.nanoTime() - begin).isBetween(1_400_000_000L, 3_000_000_000L);
        }
    }

    @Test
    void everySplitOfAPacketIsTheSamePacket() throws Exception {
        try (RawClient client = RawClient.connected(fixture.port(), 4, "splits")) {
            byte[] publish = RawClient.publish(4, 2, "split/topic", 1, "payload");
            for (int at = 1; at < publish.length; at++) {
                client.send(Arrays.copyOfRange(publish, 0, at));
                client.send(Arrays.copyOfRange(publish, at, publish.length));
                assertThat(client.receive()).isEqualTo("40020001");
            }
        }
    }
}
