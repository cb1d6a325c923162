package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteOptionTest {
    @Test
    void readsAnAddressWithItsProtocols() {
        JsonNode server = SiteOption.toJson("[2001:db8::9]:2641,udp,http").at("/servers/0");

        assertThat(server.path("address").asText()).isEqualTo("2001:db8::9");
        assertThat(server.path("interfaces").findValuesAsText("protocol")).containsExactly("UDP", "HTTP");
        assertThat(server.at("/interfaces/0/admin").asBoolean()).isFalse();
        assertThat(server.at("/interfaces/1/port").asInt()).isEqualTo(2641);
    }

    @Test
    void speaksTcpAndUdpIfNothingIsSaid() {
        assertThat(SiteOption.toJson("203.0.113.9:2641").findValuesAsText("protocol"))
                .containsExactly("TCP", "UDP");
    }

    @Test
    void readsAFileWithARecordAsNodesTellIt(@TempDir Path directory) throws IOException {
        String record = "{\"version\":1,\"servers\":[{\"serverId\":1,\"publicKey\":{\"format\":\"key\"}}]}";
        Path bare = Files.writeString(directory.resolve("siteinfo.json"), record);
        Path answer = Files.writeString(directory.resolve("answer"), "{\"responseCode\":1,\"site\":" + record + "}");

        for (Path file : List.of(bare, answer)) {
            assertThat(SiteOption.toJson(file.toString()).toString()).isEqualTo(record);
        }
    }

    @Test
    void saysWhatIsWrongWithAFile(@TempDir Path directory) throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.json"), "{}");
        Path broken = Files.writeString(directory.resolve("broken.json"), "{\"servers\":");

        assertThatThrownBy(() -> SiteOption.toJson(empty.toString())).hasMessageContaining("must hold a site record");
        assertThatThrownBy(() -> SiteOption.toJson(broken.toString())).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> SiteOption.toJson(directory.resolve("none").toString()))
                .hasMessageContaining("or a file with a site record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "203.0.113.9", "example.com:2641", "203.0.113.9:2641,ftp", "203.0.113.9:2641,"})
    void refusesWhatIsNoSite(String text) {
        assertThatThrownBy(() -> SiteOption.toJson(text)).isInstanceOf(CliException.class);
    }

    @Test
    void barsShowWhateverWasCountedAtAll() {
        assertThat(StatisticsCommand.bar(0, 10)).isEmpty();
        assertThat(StatisticsCommand.bar(1, 1_000_000)).isEqualTo("\u258f");
        assertThat(StatisticsCommand.bar(10, 10)).hasSize(24);
        assertThat(StatisticsCommand.bar(5, 10)).hasSize(12);
    }
}
