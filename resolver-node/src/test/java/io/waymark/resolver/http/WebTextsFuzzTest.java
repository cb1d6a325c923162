package io.waymark.resolver.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.resolver.Allocations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients write into queries and bodies. */
class WebTextsFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_763_800_000), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<byte[]> queries() {
        return Stream.of(utf8("index=2&type=URL&pretty&auth=true"), utf8("linkType=gs1%3Apip&context=a+b&%zz"));
    }

    @MethodSource("queries")
    @FuzzTest
    void queries(byte[] octets) {
        Allocations.bounded(octets, () -> {
            try {
                assertThat(QueryString.parse(new String(octets, StandardCharsets.ISO_8859_1))
                                .values())
                        .doesNotContainKey("");
            } catch (WebFault e) {
                assertThat(e).isNotNull();
            }
        });
    }

    static Stream<byte[]> values() {
        return Stream.of(
                utf8(
                        "[{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\",\"value\":\"https://a.example\"},\"ttl\":86400,"
                                + "\"timestamp\":\"2026-11-22T08:00:00Z\",\"permissions\":\"1110\",\"references\":[{\"handle\":\"a/b\","
                                + "\"index\":1}]}]"),
                utf8(
                        "{\"index\":100,\"type\":\"HS_ADMIN\",\"data\":{\"format\":\"admin\",\"value\":{\"handle\":\"a/b\",\"index\":300,"
                                + "\"permissions\":\"111111111111\"}}}"),
                utf8(
                        "{\"index\":3,\"type\":\"HS_SITE\",\"data\":{\"format\":\"site\",\"value\":{\"version\":1,\"protocolVersion\":"
                                + "\"2.10\",\"serialNumber\":1,\"primarySite\":true,\"multiPrimary\":false,\"attributes\":[],\"servers\":["
                                + "{\"serverId\":1,\"address\":\"127.0.0.1\",\"interfaces\":[{\"query\":true,\"admin\":true,\"protocol\":"
                                + "\"TCP\",\"port\":2641}]}]}}}"),
                utf8(
                        "{\"index\":4,\"type\":\"HS_VLIST\",\"data\":{\"format\":\"vlist\",\"value\":[{\"handle\":\"a/b\",\"index\":1}]}}"),
                utf8(
                        "{\"index\":5,\"type\":\"X\",\"data\":{\"format\":\"hex\",\"value\":\"00ff\"},\"ttl\":\"2027-01-01T00:00:00Z\"}"));
    }

    @MethodSource("values")
    @FuzzTest
    void values(byte[] body) {
        Allocations.bounded(body, () -> {
            try {
                JsonNode json = JSON.readTree(body);
                List<HandleValue> values = json == null ? List.of() : HandleJson.valuesFromJson(json, CLOCK);
                List<HandleValue> again = HandleJson.valuesFromJson(HandleJson.valuesToJson(values), CLOCK);
                assertThat(again).isEqualTo(values);
            } catch (MalformedRecordException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (IOException e) {
                assertThat(e).hasNoCause();
            }
        });
    }
}
