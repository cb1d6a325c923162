package io.waymark.platform.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MqttOctetsTest {
    private static final byte[] TOPIC = "a/b".getBytes(StandardCharsets.UTF_8);

    @Test
    void writesConnect() {
        assertThat(octets(out -> new MqttWriter(4).connect(out, "c1", "u", "pw", 60)))
                // type, length 21 | "MQTT", level 4, user+password+clean, 60 s | "c1" | "u" | "pw"
                .isEqualTo("1015" + "00044d515454" + "04" + "c2" + "003c" + "00026331" + "000175" + "00027077");
        assertThat(octets(out -> new MqttWriter(5).connect(out, "c1", null, null, 60)))
                // … level 5, clean start, 60 s, no properties | "c1"
                .isEqualTo("100f" + "00044d515454" + "05" + "02" + "003c" + "00" + "00026331");
    }

    @Test
    void writesPublish() {
        byte[] payload = {'x'};
        assertThat(octets(out -> new MqttWriter(4).publish(out, TOPIC, 0, 9, payload)))
                .isEqualTo("3006" + "0003612f62" + "78");
        assertThat(octets(out -> new MqttWriter(4).publish(out, TOPIC, 1, 9, payload)))
                .isEqualTo("3208" + "0003612f62" + "0009" + "78");
        assertThat(octets(out -> new MqttWriter(5).publish(out, TOPIC, 2, 0xfffe, payload)))
                .isEqualTo("3409" + "0003612f62" + "fffe" + "00" + "78");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 119, 120, 16_375, 16_376, 100_000})
    void writesTheLengthOfAnyPayload(int size) {
        ByteBuffer out = ByteBuffer.allocate(size + 64);
        new MqttWriter(5).publish(out, TOPIC, 1, 1, new byte[size]);
        out.flip().position(1);
        int length = 0;
        int shift = 0;
        byte digit;
        do {
            digit = out.get();
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit < 0);

        assertThat(length).isEqualTo(out.remaining()).isEqualTo(5 + 2 + 1 + size);
        assertThat(out.limit()).isLessThanOrEqualTo(MqttWriter.PUBLISH_OVERHEAD + TOPIC.length + size);
    }

    @Test
    void writesTheSmallPackets() {
        assertThat(octets(out -> new MqttWriter(5).pubrel(out, 0x0102))).isEqualTo("62020102");
        assertThat(octets(out -> new MqttWriter(5).pingreq(out))).isEqualTo("c000");
        assertThat(octets(out -> new MqttWriter(5).disconnect(out))).isEqualTo("e000");
    }

    @Test
    void readsConnack() throws IOException {
        assertThat(connack("20020000", 4)).isEqualTo(new MqttConnack(0xffff, 2));
        // session expiry 60 s, receive maximum 10, maximum QoS 1, assigned client id "ab", user property a=b
        assertThat(connack("20190000" + "16" + "110000003c" + "21000a" + "2401" + "1200026162" + "26000161000162", 5))
                .isEqualTo(new MqttConnack(10, 1));
    }

    @Test
    void tellsWhyConnectWasRefused() {
        assertThatIOException().isThrownBy(() -> connack("20020005", 4)).withMessageContaining("not authorized");
        assertThatIOException().isThrownBy(() -> connack("2003008600", 5)).withMessageContaining("bad user name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "2003", "30020000", "2007000004210001ff", "20060000032600ff"})
    void refusesWhatIsNoConnack(String hex) {
        assertThatIOException().isThrownBy(() -> connack(hex, 5));
    }

    private static MqttConnack connack(String hex, int version) throws IOException {
        return MqttConnack.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), version);
    }

    private static String octets(Consumer<ByteBuffer> write) {
        ByteBuffer out = ByteBuffer.allocate(256);
        write.accept(out);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }
}
