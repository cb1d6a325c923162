package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportLinesTest {
    private static List<ImportLines.Line> csv(String text) throws IOException {
        return all(ImportLines.csv(new BufferedReader(new StringReader(text))));
    }

    private static List<ImportLines.Line> ndjson(String text) throws IOException {
        return all(ImportLines.ndjson(new BufferedReader(new StringReader(text))));
    }

    private static List<ImportLines.Line> all(ImportLines lines) throws IOException {
        List<ImportLines.Line> all = new ArrayList<>();
        for (ImportLines.Line line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    @Test
    void csvColumnsBecomeValues() throws IOException {
        assertThat(csv("handle,URL,7:NAME\r\n88.1/a,https://a.example,\"Tea, \"\"rock\"\"\"\r\n88.1/b,,\r\n"))
                .containsExactly(
                        new ImportLines.Line(
                                2,
                                "{\"handle\":\"88.1/a\",\"values\":[{\"index\":1,\"type\":\"URL\",\"data\":{\"format\":\"string\","
                                        + "\"value\":\"https://a.example\"}},{\"index\":7,\"type\":\"NAME\",\"data\":{\"format\":"
                                        + "\"string\",\"value\":\"Tea, \\\"rock\\\"\"}}]}",
                                ""),
                        new ImportLines.Line(3, "{\"handle\":\"88.1/b\",\"values\":[]}", ""));
    }

    @Test
    void csvCountsTheLinesInsideQuotedCells() throws IOException {
        List<ImportLines.Line> lines = csv("handle,NOTE\na/1,\"two\nlines\"\n\na/2,x\na/3,y,z\n");
        assertThat(lines).extracting(ImportLines.Line::number).containsExactly(2L, 5L, 6L);
        assertThat(lines.get(0).json()).contains("two\\nlines");
        assertThat(lines.get(2).refusal()).isEqualTo("has 3 cells but the head line has 2");
    }

    @Test
    void csvWithoutLineEndAtTheEnd() throws IOException {
        assertThat(csv("\ufeffhandle,URL\na/1,u")).hasSize(1);
    }

    @Test
    void csvNeedsAHeadLine() {
        assertThatThrownBy(() -> csv("88.1/a,https://a.example\n"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("handle,TYPE,TYPE");
        assertThatThrownBy(() -> csv("")).isInstanceOf(CliException.class);
        assertThatThrownBy(() -> csv("handle,2:URL,NAME\n"))
                .isInstanceOf(CliException.class)
                .hasMessage("CSV column 3 has index 2, which another column has already");
    }

    @Test
    void ndjsonNamesWhatIsWrongWithALine() throws IOException {
        List<ImportLines.Line> lines =
                ndjson("{\"handle\":\"a/1\",\"values\":[]}\n\n{\"handle\":\n[1]\n{\"handle\":\"a/2\",\"values\":[]}");
        assertThat(lines).extracting(ImportLines.Line::number).containsExactly(1L, 3L, 4L, 5L);
        assertThat(lines.get(0).json()).isEqualTo("{\"handle\":\"a/1\",\"values\":[]}");
        assertThat(lines.get(1).refusal()).startsWith("is no JSON: ").contains("column");
        assertThat(lines.get(2).refusal()).isEqualTo("is no {\"handle\":\"…\",\"values\":[…]}");
    }
}
