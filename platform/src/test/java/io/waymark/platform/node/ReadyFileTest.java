package io.waymark.platform.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFileTest {
    @TempDir
    Path dir;

    @Test
    void isThereFromReadyToStopInBothPlaces() throws Exception {
        Path asked = dir.resolve("asked");
        Files.writeString(dir.resolve("ready.json"), "left by a killed process");
        Files.writeString(asked, "left by a killed process");

        ReadyFile ready = new ReadyFile(dir, Optional.of(asked));
        assertThat(asked).doesNotExist();
        assertThat(dir.resolve("ready.json")).doesNotExist();

        Map<String, String> listeners = new LinkedHashMap<>();
        listeners.put("mqtt", "127.0.0.1:1883");
        listeners.put("kafka", "[::1]:9092");
        ready.write(listeners);
        assertThat(asked).hasContent("{\"mqtt\":\"127.0.0.1:1883\",\"kafka\":\"[::1]:9092\"}");
        assertThat(dir.resolve("ready.json")).hasSameTextualContentAs(asked);
        assertThat(dir.resolve("ready.json.new")).doesNotExist();

        ready.remove();
        assertThat(asked).doesNotExist();
        assertThat(dir.resolve("ready.json")).doesNotExist();
    }

    @Test
    void namesAPlaceThatCannotBeWritten() throws Exception {
        Path nowhere = dir.resolve("no/such/directory/ready");
        ReadyFile ready = new ReadyFile(dir, Optional.of(nowhere));

        assertThatThrownBy(() -> ready.write(Map.of()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(nowhere.toString());
    }
}
