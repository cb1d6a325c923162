package io.waymark.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.waymark.gateway.packet.Ack;
import io.waymark.gateway.packet.AckRules;
import io.waymark.gateway.packet.Auth;
import io.waymark.gateway.packet.ConnAck;
import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.Disconnect;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.Packet;
import io.waymark.gateway.packet.PacketType;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.SubscribeAck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Netty's codec as the client: what it writes we read, what we write it reads. */
class NettyOracleTest {
    private static final String ALPHABET = "abcXYZ019/-_. 上海é😀";

    private final EmbeddedChannel netty = new EmbeddedChannel(MqttEncoder.INSTANCE, new MqttDecoder(1 << 20));
    private final PacketDecoder decoder = new PacketDecoder();
    private final Random random = new Random(20261122);

    @AfterEach
    void release() {
        netty.finishAndReleaseAll();
    }

    private Packet toUs(MqttMessage message) throws MalformedPacketException {
        netty.writeOutbound(message);
        ByteBuf whole = Unpooled.buffer();
        for (ByteBuf part = netty.readOutbound(); part != null; part = netty.readOutbound()) {
            whole.writeBytes(part);
            part.release();
        }
        int length = FrameCutter.lengthOf(whole, 1 << 20);
        assertThat(length).isEqualTo(whole.readableBytes());
        return decoder.decode(whole, length);
    }

    private MqttMessage toNetty(Packet packet) {
        ByteBuf out = Unpooled.buffer();
        PacketEncoder.encode(packet, decoder.version(), out);
        netty.writeInbound(out);
        MqttMessage message = netty.readInbound();
        assertThat(message.decoderResult().isSuccess())
                .as("%s", message.decoderResult())
                .isTrue();
        return message;
    }

    private Connect connect(ProtocolVersion version) throws MalformedPacketException {
        return (Connect) toUs(MqttMessageBuilders.connect()
                .protocolVersion(
                        switch (version) {
                            case MQTT_3_1 -> MqttVersion.MQTT_3_1;
                            case MQTT_3_1_1 -> MqttVersion.MQTT_3_1_1;
                            case MQTT_5 -> MqttVersion.MQTT_5;
                        })
                .clientId("oracle")
                .cleanSession(true)
                .keepAlive(33)
                .username("名")
                .password("word".getBytes(StandardCharsets.UTF_8))
                .willFlag(true)
                .willTopic("will")
                .willQoS(MqttQoS.AT_LEAST_ONCE)
                .willMessage(new byte[] {1, 2})
                .build());
    }

    private String text(int max) {
        StringBuilder text = new StringBuilder();
        int[] points = ALPHABET.codePoints().toArray();
        for (int i = 1 + random.nextInt(max); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private MessageProperties properties() {
        List<String> user = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            user.add(text(10));
            user.add(text(200));
        }
        byte[] correlation = new byte[random.nextInt(5)];
        random.nextBytes(correlation);
        return new MessageProperties(
                random.nextInt(3) - 1,
                random.nextBoolean() ? -1 : random.nextInt() & 0xFFFF_FFFFL,
                random.nextBoolean() ? "" : text(20),
                random.nextBoolean() ? "" : text(20),
                correlation,
                user);
    }

    private Publish publish(boolean five) {
        int qos = random.nextInt(3);
        byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 20 : 40_000)];
        random.nextBytes(payload);
        return new Publish(
                text(40),
                qos,
                random.nextBoolean(),
                qos > 0 && random.nextBoolean(),
                qos == 0 ? 0 : 1 + random.nextInt(65_535),
                0,
                five ? properties() : MessageProperties.NONE,
                List.of(),
                payload);
    }

    @ParameterizedTest
    @EnumSource
    void readsTheConnectNettyWrites(ProtocolVersion version) throws Exception {
        Connect connect = connect(version);
        assertThat(connect.version()).isEqualTo(version);
        assertThat(connect.keepAliveSeconds()).isEqualTo(33);
        assertThat(connect.userName()).isEqualTo("名");
        assertThat(connect.will()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void publishGoesThroughNettyAndBackUnchanged(ProtocolVersion version) throws Exception {
        connect(version);
        for (int i = 0; i < 300; i++) {
            Publish sent = publish(version.hasProperties());
            MqttPublishMessage atNetty = (MqttPublishMessage) toNetty(sent);
            assertThat(atNetty.variableHeader().topicName()).isEqualTo(sent.topic());
            Publish back = (Publish) toUs(atNetty);
            assertThat(back.toString().replaceAll("@[0-9a-f]+", ""))
                    .isEqualTo(sent.toString().replaceAll("@[0-9a-f]+", ""));
            assertThat(back.payload()).isEqualTo(sent.payload());
            assertThat(back.properties().correlation())
                    .isEqualTo(sent.properties().correlation());
            ByteBuf encoded = Unpooled.buffer();
            PacketEncoder.encode(sent, version, encoded);
            assertThat(PacketEncoder.sizeOf(sent, version)).isEqualTo(encoded.readableBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void acknowledgementsAreUnderstood(ProtocolVersion version) throws Exception {
        connect(version);
        for (PacketType type :
                new PacketType[] {PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP}) {
            Ack sent = new Ack(type, 0x1234, ReasonCode.SUCCESS);
            assertThat(toUs(toNetty(sent))).isEqualTo(sent);
        }
        if (version.hasProperties()) {
            Ack refused = new Ack(PacketType.PUBACK, 5, ReasonCode.NOT_AUTHORIZED);
            assertThat(toUs(toNetty(refused))).isEqualTo(refused);
        }
        SubscribeAck granted = new SubscribeAck(
                PacketType.SUBACK, 7, List.of(ReasonCode.GRANTED_QOS_1, ReasonCode.TOPIC_FILTER_INVALID));
        MqttSubAckMessage atNetty = (MqttSubAckMessage) toNetty(granted);
        assertThat(atNetty.payload().reasonCodes()).containsExactly(1, version.hasProperties() ? 0x8F : 0x80);
        MqttUnsubAckMessage unsubscribed =
                (MqttUnsubAckMessage) toNetty(new SubscribeAck(PacketType.UNSUBACK, 8, List.of(ReasonCode.SUCCESS)));
        assertThat(unsubscribed.variableHeader().messageId()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource
    void connAckSaysWhatIsGranted(ProtocolVersion version) throws Exception {
        connect(version);
        boolean five = version.hasProperties();
        MqttConnAckMessage accepted = (MqttConnAckMessage) toNetty(new ConnAck(
                true,
                ReasonCode.SUCCESS,
                five
                        ? new ConnAck.Grants(
                                new Offer(
                                        1_024,
                                        32,
                                        1 << 20,
                                        1,
                                        new Offer.Features(false, false, false, false),
                                        3_600,
                                        "",
                                        AckRules.SPOOL),
                                600,
                                32,
                                "auto-1",
                                300,
                                "answers",
                                new Auth(ReasonCode.SUCCESS, "SCRAM-SHA-256", new byte[] {1}),
                                List.of("waymark-ack", "kafka"))
                        : null,
                ""));
        assertThat(accepted.variableHeader().isSessionPresent()).isEqualTo(version != ProtocolVersion.MQTT_3_1);
        if (five) {
            MqttProperties properties = accepted.variableHeader().properties();
            assertThat(number(properties, 0x11)).isEqualTo(600);
            assertThat(number(properties, 0x21)).isEqualTo(1_024);
            assertThat(number(properties, 0x27)).isEqualTo(1 << 20);
            assertThat(number(properties, 0x22)).isEqualTo(32);
            assertThat(number(properties, 0x13)).isEqualTo(300);
            assertThat(number(properties, 0x24)).isEqualTo(1);
            for (int unavailable : new int[] {0x25, 0x28, 0x29, 0x2A}) {
                assertThat(number(properties, unavailable)).isZero();
            }
            assertThat(properties.getProperty(0x1A).value()).isEqualTo("answers");
            assertThat(properties.getProperty(0x15).value()).isEqualTo("SCRAM-SHA-256");
            assertThat(properties.getProperty(0x12).value()).isEqualTo("auto-1");
        }
        MqttConnAckMessage refused =
                (MqttConnAckMessage) toNetty(new ConnAck(false, ReasonCode.BAD_USER_NAME_OR_PASSWORD, null, "no"));
        assertThat(refused.variableHeader().connectReturnCode().byteValue() & 0xFF)
                .isEqualTo(five ? 0x86 : 4);
    }

    private static int number(MqttProperties properties, int id) {
        return ((MqttProperties.IntegerProperty) properties.getProperty(id)).value();
    }

    @Test
    void disconnectSaysWhy() throws Exception {
        connect(ProtocolVersion.MQTT_5);
        MqttMessage message = toNetty(new Disconnect(ReasonCode.SESSION_TAKEN_OVER, -1, "somebody else"));
        assertThat(((MqttReasonCodeAndPropertiesVariableHeader) message.variableHeader()).reasonCode())
                .isEqualTo((byte) 0x8E);
    }
}
