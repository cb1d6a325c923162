package io.waymark.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Enhanced authentication, with a client written from RFC 5802. */
class ScramIT {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String FIRST = "n=oven-1,r=" + NONCE;

    @TempDir
    static Path directory;

    static GatewayFixture fixture;

    @BeforeAll
    static void open() {
        fixture = GatewayFixture.open(directory);
        fixture.gateway.devices().create("oven-1", "sensors", Optional.of("pencil and paper"));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    /** The client-final-message, and behind a blank the server signature to expect. */
    private static String[] answer(String challenge, String password) throws GeneralSecurityException {
        String[] parts = challenge.split(",");
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                .getEncoded();
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
        String bare = "c=biws," + parts[0];
        String message = FIRST + "," + challenge + "," + bare;
        byte[] signature = hmac(storedKey, message);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        byte[] server = hmac(hmac(salted, "Server Key"), message);
        return new String[] {
            bare + ",p=" + Base64.getEncoder().encodeToString(clientKey),
            "v=" + Base64.getEncoder().encodeToString(server)
        };
    }

    private static void properties(DataOutputStream out, String data) throws IOException {
        out.write(6 + 13 + data.length() > 127 ? 0x80 | ((6 + 13 + data.length()) & 0x7F) : 6 + 13 + data.length());
        if (6 + 13 + data.length() > 127) {
            out.write((6 + 13 + data.length()) >> 7);
        }
        out.write(0x15);
        out.writeUTF("SCRAM-SHA-256");
        out.write(0x16);
        out.writeUTF(data);
    }

    private static byte[] connect(String clientId) {
        return RawClient.packet(0x10, body -> {
            body.writeUTF("MQTT");
            body.write(5);
            body.write(2);
            body.writeShort(60);
            properties(body, "n,," + FIRST);
            body.writeUTF(clientId);
        });
    }

    private static byte[] auth(int reason, String data) {
        return RawClient.packet(0xF0, body -> {
            body.write(reason);
            properties(body, data);
        });
    }

    /** Authentication data behind property 16 in an AUTH or CONNACK. */
    private static String data(String packet) {
        byte[] octets = HexFormat.of().parseHex(packet);
        byte[] method = "SCRAM-SHA-256".getBytes(UTF_8);
        for (int i = 0; i < octets.length - method.length - 3; i++) {
            if (new String(octets, i, method.length, UTF_8).equals("SCRAM-SHA-256")) {
                int at = i + method.length;
                int length = ByteBuffer.wrap(octets).getShort(at + 1);
                return new String(octets, at + 3, length, UTF_8);
            }
        }
        throw new AssertionError("no authentication data in " + packet);
    }

    private static String[] begin(RawClient client, String password) throws Exception {
        String challenge = client.receive();
        assertThat(challenge).startsWith("f0");
        assertThat(challenge.substring(4, 6)).as("continue").isEqualTo("18");
        return answer(data(challenge), password);
    }

    @Test
    void aDeviceProvesItsPasswordAndSeesThatTheServerKnowsIt() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect("scram-a"));
            String[] answer = begin(client, "pencil and paper");
            client.send(auth(0x18, answer[0]));
            String accepted = client.receive();
            assertThat(accepted).startsWith("20");
            assertThat(data(accepted)).isEqualTo(answer[1]);
            client.send(RawClient.publish(5, 2, "scram", 1, "x"));
            assertThat(client.receive()).isEqualTo("40020001");
            assertThat(fixture.spooled())
                    .anySatisfy(message -> assertThat(message.deviceId()).isEqualTo("oven-1"));
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect("scram-b"));
            client.send(auth(0x18, begin(client, "something else")[0]));
            assertThat(client.receive()).startsWith("20").contains("0087");
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
    }

    @Test
    void nothingButAuthIsTakenBeforeConnAck() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect("scram-c"));
            begin(client, "pencil and paper");
            client.send("c000");
            assertThat(client.receive()).startsWith("20").contains("0082");
        }
    }

    @Test
    void aConnectedDeviceMayProveItselfAgain() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect("scram-d"));
            client.send(auth(0x18, begin(client, "pencil and paper")[0]));
            assertThat(client.receive()).startsWith("20");
            client.send(auth(0x19, "n,," + FIRST));
            String[] again = begin(client, "pencil and paper");
            client.send("c000");
            assertThat(client.receive()).as("other packets go on").isEqualTo("d000");
            client.send(auth(0x18, again[0]));
            String success = client.receive();
            assertThat(success).startsWith("f0");
            assertThat(success.substring(4, 6)).isEqualTo("00");
            assertThat(data(success)).isEqualTo(again[1]);
            client.send(auth(0x19, "n,," + FIRST));
            client.send(auth(0x18, begin(client, "wrong")[0]));
            assertThat(client.receive()).startsWith("e0").contains("87");
            assertThat(client.receive()).isEqualTo(RawClient.CLOSED);
        }
    }

    @Test
    void anotherMethodOrAnAuthOutOfPlaceIsAProtocolError() throws Exception {
        try (RawClient client = new RawClient(fixture.port())) {
            client.send(connect("scram-e"));
            client.send(auth(0x18, begin(client, "pencil and paper")[0]));
            assertThat(client.receive()).startsWith("20");
            client.send(auth(0x18, "out of place"));
            assertThat(client.receive()).startsWith("e0").contains("82");
        }
    }
}
