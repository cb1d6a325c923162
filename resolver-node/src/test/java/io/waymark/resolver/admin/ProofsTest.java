package io.waymark.resolver.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.ProtocolVersion;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.RequestDecoder;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Proofs and session keys, against octets the reference client made. */
class ProofsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final byte[] SECRET = "s3cret".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INPUT = hex(
            "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf" // nonce
                    + "99b23bb084f43982f934c574424e4fb1964b96eb233acc0fa298de7cd5adbde4"); // SHA-256 of the request
    private static final String PROOF = "22" // PBKDF2-HMAC-SHA1
            + "00000010 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a" // salt
            + "00002710 000000a0" // 10 000 iterations, 160 bits
            + "00000014 fbbf4d55862e0e3a7f05527710739ab86812280e";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void acceptsTheReferenceClientsProof() {
        assertThat(SecretKeyProof.judge(hex(PROOF), SECRET, INPUT)).isEqualTo(ResponseCode.SUCCESS);
    }

    @Test
    void refusesAWrongSecretNonceOrMac() {
        byte[] otherInput = INPUT.clone();
        otherInput[0]++;
        byte[] otherMac = hex(PROOF);
        otherMac[otherMac.length - 1]++;

        assertThat(SecretKeyProof.judge(hex(PROOF), "S3cret".getBytes(StandardCharsets.UTF_8), INPUT))
                .isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
        assertThat(SecretKeyProof.judge(hex(PROOF), SECRET, otherInput)).isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
        assertThat(SecretKeyProof.judge(otherMac, SECRET, INPUT)).isEqualTo(ResponseCode.AUTHENTICATION_FAILED);
        assertThat(SecretKeyProof.judge(hex(PROOF.substring(0, PROOF.length() - 2)), SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
    }

    @Test
    void boundsWhatAClientCanMakeItCompute() {
        assertThat(SecretKeyProof.judge(hex(PROOF.replace("00002710", "7fffffff")), SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
        assertThat(SecretKeyProof.judge(hex(PROOF.replace("00002710", "00000001")), SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
        assertThat(SecretKeyProof.judge(hex(PROOF.replace("000000a0", "7fffffff")), SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
        assertThat(SecretKeyProof.judge(hex(PROOF.replace("00000010 5a", "7fffffff 5a")), SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
    }

    @Test
    void refusesUnknownAndCutProofs() {
        byte[] whole = hex(PROOF);
        for (int length = 0; length < whole.length; length++) {
            assertThat(SecretKeyProof.judge(Arrays.copyOf(whole, length), SECRET, INPUT))
                    .as("length %d", length)
                    .isNotEqualTo(ResponseCode.SUCCESS);
        }
        assertThat(SecretKeyProof.judge(new byte[] {0x77, 1, 2}, SECRET, INPUT))
                .isEqualTo(ResponseCode.INVALID_CREDENTIAL);
    }

    @Test
    void takesTheReferenceClientsSessionMacOnce() throws Exception {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        RequestMessage message = addValueInSession9();
        Session session = new Session(9, key, new ValueReference("88.118.8/ADMIN", 300), 1000, 0);
        Session other = new Session(9, new byte[32], new ValueReference("88.118.8/ADMIN", 300), 1000, 0);

        assertThat(other.take(message, 0)).isEqualTo(ResponseCode.INVALID_SESSION_KEY);
        assertThat(session.take(message, 0)).isEqualTo(ResponseCode.SUCCESS);
        assertThat(session.take(message, 0)).isEqualTo(ResponseCode.SESSION_MESSAGE_REJECTED);
    }

    private static RequestMessage addValueInSession9() throws Exception {
        byte[] values = HandleValueCodec.encodeList(List.of(HandleValue.text(2, "MODEL", "CNC-5A", 0x69200000)));
        byte[] body = ByteBuffer.allocate(19 + values.length)
                .put(hex("0000000f 38382e3131382e382f414243313233"))
                .put(values)
                .array();
        byte[] credential = hex("0000004d 00 00 0000 00000000 00000001 00000006 48535f4d4143 00000033"
                + "0000000b 484d41432d534841323536 00000020"
                + "9abeb3817f7485a27734a22478095788db0000d5050d0b6ea70fea7aa4f040d7");
        ByteBuffer message = ByteBuffer.allocate(24 + body.length + credential.length);
        message.put(hex("00000066 00000000 19000000 0001 0000 6a000000")).putInt(body.length);
        message.put(body).put(credential);
        Envelope envelope =
                new Envelope(ProtocolVersion.NEWEST, 0, ProtocolVersion.NEWEST, 9, 0x01020308, 0, message.capacity());
        assertThat(EnvelopeCodec.BYTES + message.capacity()).isEqualTo(185);
        return RequestDecoder.decode(envelope, message.array());
    }

    @Test
    void takesCountersInAnyOrderButOnlyOnce() {
        CounterWindow window = new CounterWindow();

        assertThat(window.take(0)).isFalse();
        assertThat(window.take(-1)).isFalse();
        assertThat(window.take(2)).isTrue();
        assertThat(window.take(1)).isTrue();
        assertThat(window.take(2)).isFalse();
        assertThat(window.take(1)).isFalse();
        assertThat(window.take(300)).isTrue();
        assertThat(window.take(44)).as("fell out of the window").isFalse();
        assertThat(window.take(45)).isTrue();
        assertThat(window.take(Integer.MAX_VALUE)).isTrue();
        assertThat(window.take(301)).isFalse();
    }

    @Test
    void refusesOddGroups() {
        BigInteger p = BigInteger.ONE.shiftLeft(1024).subtract(BigInteger.valueOf(105));
        BigInteger two = BigInteger.TWO;

        assertThatThrownBy(() -> agree(two, BigInteger.valueOf(23), two)).hasMessageContaining("1024..3072");
        assertThatThrownBy(() -> agree(two, BigInteger.ONE.shiftLeft(5000).add(BigInteger.ONE), two))
                .hasMessageContaining("1024..3072");
        assertThatThrownBy(() -> agree(BigInteger.ONE, p, two)).hasMessageContaining("2..p-2");
        assertThatThrownBy(() -> agree(p.subtract(BigInteger.ONE), p, two)).hasMessageContaining("2..p-2");
        assertThatThrownBy(() -> agree(p, p, two)).hasMessageContaining("2..p-2");
        assertThatThrownBy(() -> agree(two, p, BigInteger.ONE)).hasMessageContaining("2..p-2");
        assertThatThrownBy(() -> SessionKeys.agree(HandleKeys.encode(HandleKeys.RSA, two, p)))
                .isInstanceOf(MalformedRecordException.class);
    }

    private static void agree(BigInteger y, BigInteger p, BigInteger g) throws MalformedRecordException {
        SessionKeys.agree(HandleKeys.encode(HandleKeys.DIFFIE_HELLMAN, y, p, g));
    }

    @Test
    void dropsLeadingZerosWhile32OctetsRemain() {
        byte[] shared = new byte[40];
        shared[5] = 1;
        byte[] mostlyZero = new byte[40];
        mostlyZero[39] = 1;

        assertThat(SessionKeys.firstOctets(shared)[0]).isEqualTo((byte) 1);
        assertThat(SessionKeys.firstOctets(shared)).hasSize(32);
        assertThat(SessionKeys.firstOctets(mostlyZero)).hasSize(32).endsWith(1);
    }

    private static InetAddress source(int n) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (n >> 8), (byte) n});
    }

    @Test
    void forgetsOldChallenges() throws Exception {
        Pending pending = new Pending();
        RequestMessage message = addValueInSession9();
        Pending.Challenge challenge = pending.challenge(message, Optional.empty(), LOOPBACK, 0);
        Pending.Challenge late = pending.challenge(message, Optional.empty(), LOOPBACK, 0);

        assertThat(pending.take(challenge.id(), 1)).isPresent();
        assertThat(pending.take(challenge.id(), 1)).as("answered once").isEmpty();
        assertThat(pending.take(late.id(), Pending.CHALLENGE_NANOS_MAX + 1)).isEmpty();
        for (int i = 0; i < Pending.CHALLENGES_MAX + 10; i++) {
            pending.challenge(message, Optional.empty(), source(i / 100), 0);
        }
        assertThat(pending.challenges()).isEqualTo(Pending.CHALLENGES_MAX);
    }

    @Test
    void forgetsChallengesOfLongRequestsSooner() throws Exception {
        Pending pending = new Pending();
        RequestMessage small = addValueInSession9();
        RequestMessage large = new RequestMessage(
                small.envelope(), small.header(), small.request(), new byte[262_000], small.credential());
        for (int i = 0; i < 200; i++) {
            pending.challenge(large, Optional.empty(), LOOPBACK, 0);
        }

        assertThat(pending.challenges()).isEqualTo((int) (Pending.CHALLENGE_BYTES_MAX / 262_000));
    }

    @Test
    void oneSourceCannotTakeThePlacesOfOthers() throws Exception {
        Pending pending = new Pending();
        RequestMessage message = addValueInSession9();
        ValueReference claimed = new ValueReference("1/A", 1);
        Pending.Challenge honest = pending.challenge(message, Optional.empty(), source(1), 0);
        Session honestSession = pending.open(new byte[32], claimed, 60, source(1), 0);
        for (int i = 0; i < 10_000; i++) {
            pending.challenge(message, Optional.empty(), source(2), 0);
            pending.open(new byte[32], claimed, 60, source(2), 0);
        }

        assertThat(pending.challenges()).isEqualTo(Pending.PER_SOURCE_MAX + 1);
        assertThat(pending.sessions()).isEqualTo(Pending.PER_SOURCE_MAX + 1);
        assertThat(pending.take(honest.id(), 1)).isPresent();
        assertThat(pending.session(honestSession.id(), 1)).isPresent();
    }

    @Test
    void strangersCannotCrowdOutASessionInWhichSomebodyProvedHimself() throws Exception {
        Pending pending = new Pending();
        ValueReference identity = new ValueReference("1/A", 1);
        Session proven = pending.open(new byte[32], identity, 60, LOOPBACK, 0);
        pending.prove(proven, identity, 0);
        for (int i = 0; i < 20_000; i++) {
            pending.open(new byte[32], identity, 60, source(i / 100), 0);
        }

        assertThat(pending.session(proven.id(), 1)).isPresent();
        assertThat(pending.sessions()).isEqualTo(Pending.FRESH_MAX + 1);
    }

    @Test
    void endsSessionsThatAreIdleUnprovenOrOld() throws Exception {
        Pending pending = new Pending();
        ValueReference identity = new ValueReference("1/A", 1);
        Session session = pending.open(new byte[32], identity, 86_400, LOOPBACK, 0);
        assertThat(pending.session(session.id(), Pending.FRESH_NANOS_MAX)).isPresent();
        assertThat(pending.session(session.id(), Pending.FRESH_NANOS_MAX + 1))
                .as("unproven")
                .isEmpty();
        pending.prove(session, identity, 0);
        assertThat(pending.session(session.id(), 3_600_000_000_000L)).isPresent();
        assertThat(pending.session(session.id(), 3_600_000_000_001L)).as("idle").isEmpty();
        assertThat(new Session(1, new byte[32], identity, Long.MAX_VALUE, 0).isExpired(Session.LIFE_NANOS_MAX + 1))
                .as("old")
                .isTrue();
    }

    @Test
    void countsByIpv4AddressOrIpv6Network() throws Exception {
        SourceQuota quota = new SourceQuota(1);

        assertThat(quota.add(InetAddress.getByName("2001:db8:1:2:3::1"), 1)).isEmpty();
        assertThat(quota.add(InetAddress.getByName("2001:db8:1:2:4::9"), 2)).hasValue(1);
        assertThat(quota.add(InetAddress.getByName("2001:db8:1:3::1"), 3)).isEmpty();
        assertThat(quota.add(InetAddress.getByName("10.0.0.1"), 4)).isEmpty();
        assertThat(quota.add(InetAddress.getByName("10.0.0.2"), 5)).isEmpty();
        quota.remove(InetAddress.getByName("10.0.0.2"), 5);
        assertThat(quota.add(InetAddress.getByName("10.0.0.2"), 6)).isEmpty();
    }

    @Test
    void opensWhatItSealedAndNothingElse() {
        SessionCipher cipher = new SessionCipher(new byte[32]);
        byte[] sealed = cipher.seal("registered".getBytes(StandardCharsets.UTF_8));

        assertThat(cipher.open(sealed)).hasValue("registered".getBytes(StandardCharsets.UTF_8));
        assertThat(sealed).as("a fresh vector each time").isNotEqualTo(cipher.seal(new byte[10]));
        assertThat(cipher.open(Arrays.copyOf(sealed, 31))).isEmpty();
        assertThat(cipher.open(new byte[0])).isEmpty();
    }
}
