package io.waymark.trace.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceServiceTest {
    @ParameterizedTest
    @CsvSource({
        "/trace/88.118.8/ABC,                           88.118.8/ABC",
        "/trace/88.118.8%2FABC,                         88.118.8/ABC",
        "/trace/88.118.8/100%2525,                      88.118.8/100%25",
        "/trace/https://x.org/01/09506000134352?limit=5, https://x.org/01/09506000134352",
        "/trace/https%3A%2F%2Fx.org%2F01%2F1%3F17%3D2,  https://x.org/01/1?17=2",
        "/trace/a+b,                                    a+b",
        "/trace//trace/x,                               /trace/x",
        "/trace/%E8%8C%B6/1,                            茶/1"
    })
    void takesTheCodeFromTheRawPath(String rawPath, String code) {
        assertThat(TraceService.codeIn(rawPath)).isEqualTo(code);
    }
}
