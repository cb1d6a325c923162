package io.waymark.resolver.signature;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import java.util.List;
import java.util.Optional;

/** Whatever stands in a record, nothing comes out but a signature, claims, a report or the declared exception. */
class SignatureFuzzTest {
    @FuzzTest
    void jws(byte[] data) {
        try {
            Jws jws = Jws.parse(data);
            assertThat(jws.payload().length).isLessThan(data.length);
        } catch (MalformedSignatureException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }

    @FuzzTest
    void claims(byte[] payload) {
        try {
            Claims claims = ClaimsJson.decode(payload);
            assertThat(ClaimsJson.decode(ClaimsJson.encode(claims)).subject()).isEqualTo(claims.subject());
        } catch (MalformedSignatureException e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void records(byte[] data) {
        List<HandleValue> values =
                List.of(HandleValue.of(400, "HS_SIGNATURE", data, 0), HandleValue.of(401, "HS_CERT", data, 0));
        SignatureVerifier verifier = new SignatureVerifier(handle -> Optional.of(values));

        assertThat(verifier.verify(new Handle("1/x"), values, 1_000)).hasSize(1).noneMatch(SignatureReport::isGood);
    }
}
