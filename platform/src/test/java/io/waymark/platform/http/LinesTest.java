package io.waymark.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void countsEveryLineEndedOrNot() throws IOException {
        assertThat(read("a\n\n \t\r\nbc", 10)).containsExactly("1:a", "2:blank", "3:blank", "4:bc");
        assertThat(read("a\n", 10)).containsExactly("1:a");
        assertThat(read("", 10)).isEmpty();
    }

    @Test
    void takesALineOfExactlyTheBoundAndRefusesOneMore() throws IOException {
        assertThat(read("12345\n", 5)).containsExactly("1:12345");
        assertThatThrownBy(() -> read("1\n123456", 5))
                .isInstanceOf(ApiException.class)
                .hasMessage("line 2 must be at most 5 bytes");
    }

    private static List<String> read(String text, int bytesMax) throws IOException {
        Lines lines = new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), bytesMax);
        List<String> read = new ArrayList<>();
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            read.add(line.number() + ":"
                    + (line.isBlank() ? "blank" : new String(line.octets(), StandardCharsets.UTF_8)));
        }
        return read;
    }
}
