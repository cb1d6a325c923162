package io.waymark.resolver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.Allocations;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and groups as strangers and records hold them. */
class KeysFuzzTest {
    static Stream<byte[]> keys() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        RSAPublicKey key = (RSAPublicKey) rsa.getPublic();
        KeyPair ec = KeyPairGenerator.getInstance("EC").generateKeyPair();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(ec.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        return Stream.of(
                HandleKeys.encode(HandleKeys.RSA, key.getPublicExponent(), key.getModulus()),
                pem.getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("keys")
    @FuzzTest
    void keys(byte[] octets) {
        Allocations.bounded(octets, () -> {
            try {
                assertThat(ProofKey.decode(octets)).isNotNull();
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }

    static Stream<byte[]> groups() {
        return Stream.of(HandleValueCodec.encodeReferences(
                List.of(new ValueReference("88.1/ADMIN", 300), new ValueReference("88.1/GROUP", 200))));
    }

    @MethodSource("groups")
    @FuzzTest
    void groups(byte[] octets) {
        Allocations.bounded(octets, () -> {
            try {
                List<ValueReference> members = ValueLists.decode(octets);
                assertThat(ValueLists.decode(ValueLists.encode(members))).isEqualTo(members);
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        });
    }
}
