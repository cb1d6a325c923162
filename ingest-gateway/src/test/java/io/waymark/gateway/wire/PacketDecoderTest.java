package io.waymark.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Subscribe;
import io.waymark.gateway.packet.Subscription;
import io.waymark.gateway.packet.Will;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PacketDecoderTest {
    private static final String CONNECT_5 = "10 10 0004 4d515454 05 02 003c 00 0003 616263";

    private final PacketDecoder decoder = new PacketDecoder();

    /** Octets in hexadecimal digits; what follows # in a line is for the reader. */
    private Packet decode(String... lines) throws MalformedPacketException {
        StringBuilder hex = new StringBuilder();
        for (String line : lines) {
            hex.append(line.replaceAll("#.*", "").replace(" ", ""));
        }
        ByteBuf in = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
        int length = FrameCutter.lengthOf(in, Integer.MAX_VALUE);
        assertThat(length).as("the octets are one packet").isEqualTo(in.readableBytes());
        Packet packet = decoder.decode(in, length);
        assertThat(in.readableBytes()).as("read to the end").isZero();
        return packet;
    }

    @Test
    void readsEveryFieldOfConnect() throws Exception {
        Connect connect = (Connect) decode(
                "10 48",
                "0004 4d515454 05 # MQTT, level 5",
                "ee               # user, password, will retain, QoS 1, will, clean start",
                "0014             # keep alive 20 s",
                "0d",
                "  11 00000e10    # session expiry 3600 s",
                "  21 0010        # receive maximum 16",
                "  27 00001388    # packets of at most 5000 octets",
                "0003 616263      # client id",
                "13",
                "  18 00000005    # will delay 5 s",
                "  01 01          # UTF-8",
                "  02 0000003c    # expires after 60 s",
                "  26 0001 6b 0001 76",
                "0004 77696c6c    # will topic",
                "0003 627965      # will payload",
                "0004 75736572    # user",
                "0004 70617373    # password");
        assertThat(connect.version()).isEqualTo(ProtocolVersion.MQTT_5);
        assertThat(connect.cleanStart()).isTrue();
        assertThat(connect.keepAliveSeconds()).isEqualTo(20);
        assertThat(connect.sessionExpirySeconds()).isEqualTo(3_600);
        assertThat(connect.receiveMaximum()).isEqualTo(16);
        assertThat(connect.packetBytesMax()).isEqualTo(5_000);
        assertThat(connect.clientId()).isEqualTo("abc");
        assertThat(connect.userName()).isEqualTo("user");
        assertThat(connect.password()).isEqualTo("pass".getBytes(StandardCharsets.UTF_8));
        assertThat(connect.toString()).doesNotContain("pass");
        Will will = Objects.requireNonNull(connect.will());
        assertThat(will.topic()).isEqualTo("will");
        assertThat(will.qos()).isEqualTo(1);
        assertThat(will.retain()).isTrue();
        assertThat(will.delaySeconds()).isEqualTo(5);
        assertThat(will.properties().payloadFormat()).isEqualTo(1);
        assertThat(will.properties().expirySeconds()).isEqualTo(60);
        assertThat(will.properties().userProperties()).containsExactly("k", "v");
        assertThat(will.payload()).isEqualTo("bye".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void version3HasASessionForEverOrNone() throws Exception {
        Connect clean = (Connect) decode("10 0f 0004 4d515454 04 02 003c 0003 616263");
        assertThat(clean.sessionExpirySeconds()).isZero();
        Connect kept = (Connect) decode("10 0f 0004 4d515454 04 00 003c 0003 616263");
        assertThat(kept.sessionExpirySeconds()).isEqualTo(Connect.NEVER_EXPIRES);
        assertThat(kept.version()).isEqualTo(ProtocolVersion.MQTT_3_1_1);
    }

    @Test
    void readsEveryFieldOfPublish() throws Exception {
        decode(CONNECT_5);
        Publish publish = (Publish) decode(
                "3d 29            # DUP, QoS 2, RETAIN",
                "0003 612f62      # a/b",
                "0102             # packet identifier",
                "1f",
                "  01 01          # UTF-8",
                "  02 00000005    # expires after 5 s",
                "  03 0002 6a73   # content type",
                "  08 0001 72     # response topic",
                "  09 0002 ff00   # correlation data",
                "  23 0007        # topic alias",
                "  26 0001 6b 0001 76",
                "7061");
        assertThat(publish.topic()).isEqualTo("a/b");
        assertThat(publish.qos()).isEqualTo(2);
        assertThat(publish.retain()).isTrue();
        assertThat(publish.duplicate()).isTrue();
        assertThat(publish.packetId()).isEqualTo(0x102);
        assertThat(publish.topicAlias()).isEqualTo(7);
        assertThat(publish.properties().contentType()).isEqualTo("js");
        assertThat(publish.properties().responseTopic()).isEqualTo("r");
        assertThat(publish.properties().correlation()).containsExactly(0xff, 0);
        assertThat(publish.properties().userProperties()).containsExactly("k", "v");
        assertThat(publish.payload()).containsExactly('p', 'a');
    }

    @Test
    void theRememberedTopicIsNotConfusedWithOthers() throws Exception {
        assertThat(((Publish) decode("30 04 0001 61 78")).topic()).isEqualTo("a");
        assertThat(((Publish) decode("30 04 0001 61 79")).topic()).isEqualTo("a");
        assertThat(((Publish) decode("30 05 0002 6162 78")).topic()).isEqualTo("ab");
        assertThat(((Publish) decode("30 04 0001 62 61")).topic()).isEqualTo("b");
        assertThat(((Publish) decode("30 08 0006 e4b88ae6b5b7")).topic()).isEqualTo("上海");
    }

    @Test
    void readsSubscriptionOptions() throws Exception {
        decode(CONNECT_5);
        Subscribe subscribe = (Subscribe) decode("82 0c 0001 03 0bac02 0003 612f23 2e");
        assertThat(subscribe.subscriptions()).containsExactly(new Subscription("a/#", 2, true, true, 2, 300));
    }

    @Test
    void anUnknownLevelIsAnsweredInTheFormOf311() {
        assertThatThrownBy(() -> decode("10 10 0004 4d515454 07 02 003c 00 0003 616263"))
                .isInstanceOfSatisfying(
                        MalformedPacketException.class,
                        e -> assertThat(e.reason()).isEqualTo(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION))
                .hasMessage("protocol level must be 3, 4 or 5 but was 7");
        assertThat(decoder.version()).isEqualTo(ProtocolVersion.MQTT_3_1_1);
    }

    @Test
    void noStackTraceIsTakenForWhatAPeerDoesWrong() {
        assertThatThrownBy(() -> decode("30 02 0000"))
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void userPropertiesAreCounted() throws Exception {
        decode(CONNECT_5);
        String many = "26 0001 6b 0001 76".repeat(257);
        assertThatThrownBy(() -> decode("30 8c0e 0001 74 870e" + many)).hasMessageContaining("at most 256");
    }
}
