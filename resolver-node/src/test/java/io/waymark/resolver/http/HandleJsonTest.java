package io.waymark.resolver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.admin.HandleKeys;
import io.waymark.resolver.admin.ValueLists;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import net.handle.hdllib.GsonUtility;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandleJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOW = 1_790_000_000;
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);

    private static List<HandleValue> examples() throws Exception {
        byte[] key = HandleKeys.encode(
                HandleKeys.RSA,
                BigInteger.valueOf(65_537),
                BigInteger.ONE.shiftLeft(2047).add(BigInteger.TEN));
        byte[] site = SiteInfoCodec.encode(new SiteInfo(
                1,
                2,
                11,
                3,
                true,
                false,
                SiteInfo.HashOption.PREFIX,
                List.of(new SiteInfo.Attribute("desc", "plant")),
                List.of(SiteInfo.Server.at(
                        1,
                        InetAddress.getByName("127.0.0.1"),
                        key,
                        List.of(new SiteInfo.Interface(SiteInfo.Service.QUERY, SiteInfo.Protocol.UDP, 2641))))));
        return List.of(
                HandleValue.text(1, "URL", "https://a.example/茶?a=\"b\"", NOW),
                HandleValue.of(2, "RAW", new byte[] {0, 1, -1}, NOW),
                HandleValue.of(100, "HS_ADMIN", new AdminRecord(0xff3, "88.1/ADMIN", 300).encode(), NOW),
                HandleValue.of(200, "HS_VLIST", ValueLists.encode(List.of(new ValueReference("88.1/A", 3))), NOW),
                HandleValue.of(301, "HS_PUBKEY", key, NOW),
                HandleValue.of(3, "HS_SITE", site, NOW),
                HandleValue.text(101, "HS_ADMIN", "not an administrator", NOW),
                new HandleValue(
                        4,
                        "X",
                        new byte[0],
                        new TimeToLive(true, NOW),
                        NOW,
                        Permissions.ADMIN_ONLY,
                        List.of(new ValueReference("88.1/B", 7))));
    }

    @Test
    void readsWhatItWrites() throws Exception {
        JsonNode json = HandleJson.toJson("88.1/A", examples());

        assertThat(HandleJson.valuesFromJson(JSON.readTree(json.toString()), CLOCK))
                .isEqualTo(examples());
    }

    @Test
    void writesWhatTheReferenceClientWrites() throws Exception {
        for (HandleValue v : examples()) {
            net.handle.hdllib.HandleValue theirs =
                    new net.handle.hdllib.HandleValue(v.index(), Util.encodeString(v.type()), v.data());
            theirs.setTimestamp(v.timestampSeconds());
            theirs.setTTLType((byte) (v.ttl().absolute() ? 1 : 0));
            theirs.setTTL(v.ttl().seconds());
            theirs.setAnyoneCanRead(v.isPublic());
            theirs.setReferences(v.references().stream()
                    .map(r -> new net.handle.hdllib.ValueReference(Util.encodeString(r.handle()), r.index()))
                    .toArray(net.handle.hdllib.ValueReference[]::new));

            assertThat(HandleJson.valueToJson(v))
                    .as(v.type())
                    .isEqualTo(JSON.readTree(GsonUtility.getGson().toJson(theirs)));
        }
    }

    @Test
    void readsArraysObjectsAndSingleValues() throws Exception {
        String one = "{\"index\":1,\"type\":\"N\",\"data\":\"x\"}";
        List<HandleValue> expected = List.of(HandleValue.text(1, "N", "x", NOW));

        assertThat(HandleJson.valuesFromJson(JSON.readTree(one), CLOCK)).isEqualTo(expected);
        assertThat(HandleJson.valuesFromJson(JSON.readTree('[' + one + ']'), CLOCK))
                .isEqualTo(expected);
        assertThat(HandleJson.valuesFromJson(JSON.readTree("{\"values\":[" + one + "]}"), CLOCK))
                .isEqualTo(expected);
        assertThat(HandleJson.valuesFromJson(
                        JSON.readTree(
                                "{\"index\":\"1\",\"type\":\"N\",\"data\":{\"format\":\"hex\",\"value\":\"78\"}}"),
                        CLOCK))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7                                                                   | body must be an array of values
            [7]                                                                 | values[0] must be an object but was 7
            [{}]                                                                | values[0].index is missing
            [{"index":1.5}]                                                     | values[0].index must be a whole number but was 1.5
            [{"index":99999999999}]                                             | values[0].index must be in 1..2147483647
            [{"index":1,"type":5}]                                              | values[0].type must be a string but was 5
            [{"index":1,"type":"N","data":[]}]                                  | values[0].data must be an object but was an array
            [{"index":1,"type":"N","data":{"format":"jpeg","value":""}}]        | values[0].data.format must be one of
            [{"index":1,"type":"N","data":{"format":"hex","value":"abc"}}]      | values[0].data.value must be an even number
            [{"index":1,"type":"N","data":{"format":"base64","value":"***"}}]   | values[0].data.value must be base64
            [{"index":1,"type":"N","data":"","permissions":"11"}]               | values[0].permissions must be 4 digits 0 or 1 but was "11"
            [{"index":1,"type":"N","data":"","ttl":-1}]                         | values[0].ttl must be in 0..2147483647 but was -1
            [{"index":1,"type":"N","data":"","ttl":"soon"}]                     | values[0].ttl must be a time
            [{"index":1,"type":"N","data":"","references":[{"handle":"a/b"}]}]  | values[0].references[0].index is missing
            [{"index":1,"type":"S","data":{"format":"site","value":{"protocolVersion":"2"}}}] | protocolVersion must be a version
            [{"index":1,"type":"K","data":{"format":"key","value":{"kty":"EC"}}}] | kty must be RSA
            """)
    void namesThePlaceOfAMistake(String json, String message) throws Exception {
        JsonNode node = JSON.readTree(json);

        assertThatThrownBy(() -> HandleJson.valuesFromJson(node, CLOCK))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining(message);
    }

    @FuzzTest
    void throwsNothingElse(byte[] json) {
        try {
            assertThat(HandleJson.valuesFromJson(JSON.readTree(json), CLOCK)).isNotNull();
        } catch (MalformedRecordException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (JacksonException e) {
            assertThat(e).isNotNull();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
