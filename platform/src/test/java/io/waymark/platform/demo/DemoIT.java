package io.waymark.platform.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story as a process, first to its end, then again on the same data with the commands of a person beside it. */
class DemoIT {
    private static final Duration STORY_MAX = Duration.ofMinutes(3);
    private static final int STEPS = 15;

    @Test
    void everyStepHappensAlsoOnKeptDataAndTheCommandsWorkBesideIt(@TempDir Path folder)
            throws IOException, InterruptedException {
        String data = folder.resolve("data").toString();
        tellOnce(folder, data);
        Path output = folder.resolve("open.txt");
        Process open = Program.start(output, "demo", "--data", data, "--port-base", "0", "--lang", "en");
        try {
            await().atMost(STORY_MAX)
                    .until(() -> !open.isAlive() || text(output).contains("waymark doctor --data"));
            assertThat(text(output)).contains("was there from an earlier run").doesNotContain("✗");
            commandsWork(folder, data, text(output));
            open.destroy();
            assertThat(open.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Path.of(data, "ready.json")).doesNotExist();
        } finally {
            open.descendants().forEach(ProcessHandle::destroyForcibly);
            open.destroyForcibly();
        }
    }

    private static void tellOnce(Path folder, String data) throws IOException, InterruptedException {
        Program.Result told =
                Program.run(folder, STORY_MAX, "demo", "--once", "--data", data, "--port-base", "0", "--lang", "zh");
        assertThat(told.exitCode()).as(told.output()).isZero();
        assertThat(told.output())
                .contains("武夷岩茶", String.format("%2d  ", STEPS))
                .doesNotContain("✗");
        assertThat(told.output())
                .containsSubsequence("commissioning", "packing", "shipping", "retail selling", "inspecting");
    }

    private static void commandsWork(Path folder, String data, String story) throws IOException {
        String handle = firstMatch(story, "waymark resolve (\\S+) --data");
        String link = firstMatch(story, "waymark trace '([^']+)' --data");
        for (String transport : new String[] {"--udp", "--tcp", "--http"}) {
            Program.Result resolved = Program.command("resolve", handle, transport, "--data", data);
            assertThat(resolved.exitCode()).as(resolved.output()).isZero();
            assertThat(resolved.output()).contains("success (1)", "URL", link);
        }
        assertThat(Program.command("resolve", link, "--type", "NAME", "--json", "--data", data)
                        .output())
                .contains("\"handle\" : \"" + handle, "Rougui")
                .doesNotContain("\"URL\"");
        assertThat(Program.command("resolve", "88.118.8/NONE", "--data", data).exitCode())
                .isEqualTo(4);
        String lot = firstMatch(story, "88\\.118\\.8/LOT-(\\w+)");
        String unknownTin = "(01)" + Tea.GTIN + "(10)" + lot + "(21)NEW";
        assertThat(Program.command("resolve", unknownTin, "--data", data).output())
                .contains("has no record of its own", "88.118.8/LOT-" + lot);
        Program.Result admin = Program.command("resolve", "0.NA/88.118.8", "--data", data);
        assertThat(admin.output()).contains("300:88.118.8/ADMIN may do everything");
        assertThat(Program.command("trace", link, "--data", data).output())
                .containsSubsequence("commissioning", "retail selling", "inspecting");
        assertThat(Program.command("device", "list", "--data", data).output())
                .contains("rfid-tunnel-1", "wuyi-packing");
        registerAndImport(folder, data);
        Program.Result doctor = Program.command("doctor", "--data", data);
        assertThat(doctor.exitCode()).as(doctor.output()).isZero();
        assertThat(doctor.output()).contains("says UP", "1 broker");
    }

    private static void registerAndImport(Path folder, String data) throws IOException {
        String[] register = {"register", "88.118.8/BOX", "URL=https://tea.example/box", "--no-overwrite", "--data", data
        };
        assertThat(Program.command(register).output()).contains("Registered 88.118.8/BOX with 1 value.");
        assertThat(Program.command(register).exitCode()).isEqualTo(1);
        Path csv = Files.writeString(
                folder.resolve("tins.csv"),
                "handle,URL,GS1\n88.118.8/I-1,https://tea.example/1,(01)06901234100013(21)I1\nno handle,u,\n");
        Program.Result refused = Program.command("import", csv.toString(), "--data", data);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains("line 3: ", "nothing was loaded");
        Program.Result imported = Program.command("import", csv.toString(), "--skip-bad", "--data", data);
        assertThat(imported.exitCode()).as(imported.output()).isEqualTo(3);
        assertThat(imported.output()).contains("line 3: ", "1 record loaded", "1 line refused.");
        Path exported = folder.resolve("out.ndjson");
        Program.command("export", "--prefix", "88.118.8", "-o", exported.toString(), "--data", data);
        assertThat(Files.readAllLines(exported, StandardCharsets.UTF_8))
                .anyMatch(l -> l.contains("88.118.8/I-1"))
                .anyMatch(l -> l.contains("88.118.8/BOX"));
        Program.Result again = Program.command("import", exported.toString(), "--overwrite", "--data", data);
        assertThat(again.exitCode()).as(again.output()).isZero();
    }

    private static String firstMatch(String text, String pattern) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        assertThat(m.find()).as("%s in %s", pattern, text).isTrue();
        return m.group(1);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
