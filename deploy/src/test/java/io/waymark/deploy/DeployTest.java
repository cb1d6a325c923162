package io.waymark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waymark.platform.config.ConfigException;
import io.waymark.platform.config.ConfigInput;
import io.waymark.platform.config.PlatformConfig;
import io.waymark.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeployTest {
    private static final Path RUNBOOK = Path.of("README.md");
    /** Of systemd-analyze security: 0 = sealed, 10 = wide open. */
    private static final double EXPOSURE_MAX = 2.0;

    /** A program of the machine; a test that needs an absent one is skipped and says so. */
    private static Tool installed(String program) {
        assumeTrue(Tool.isOnPath(program), program + " is not installed");
        return Tool.of(List.of(program));
    }

    @Test
    void prometheusAcceptsItsConfigurationAndTheRules() throws Exception {
        Tool.Result outcome = installed("promtool").run("check", "config", "prometheus/prometheus.yml");

        assertThat(outcome.exitCode()).as(outcome.said()).isZero();
        assertThat(outcome.said()).contains("SUCCESS: 1 rule files found");
    }

    @Test
    void alertsFireWhenTheyShouldAndOnlyThen() throws Exception {
        Tool.Result outcome = installed("promtool").run("test", "rules", "prometheus/waymark.rules.test.yml");

        assertThat(outcome.exitCode()).as(outcome.said()).isZero();
    }

    @Test
    void everyAlertHasATestAndAHeadingInTheRunbook() throws IOException {
        String tests = Files.readString(Path.of("prometheus/waymark.rules.test.yml"));
        String runbook = Files.readString(RUNBOOK);

        assertThat(Alerts.names()).isNotEmpty().allSatisfy(alert -> {
            assertThat(tests).as("an alert that fires").contains("alertname: " + alert + "\n");
            assertThat(runbook).contains("\n### " + alert + "\n");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "examples/single-node.yaml",
                "examples/gateway-only.yaml",
                "examples/resolver-only.yaml",
                "examples/conformance.yaml",
                "container/rootfs/etc/waymark/waymark.yaml",
                "kubernetes/base/config.yaml"
            })
    void configurationsAreUnderstood(String file, @TempDir Path folder) throws IOException, ConfigException {
        // The certificate need not exist here; that a missing one is refused is the program's business.
        Path text = folder.resolve("waymark.yaml");
        Path pem = Files.createFile(folder.resolve("some.pem"));
        Files.writeString(
                text, Files.readString(Path.of(file)).replaceAll("/etc/waymark/tls/(chain|key)\\.pem", pem.toString()));

        assertThat(read(text, Map.of()).services()).isNotEmpty();
    }

    @Test
    void composeSetsOnlyVariablesThatMeanSomething() throws Exception {
        Map<String, String> environment = Compose.read().environmentOf("waymark");
        PlatformConfig config = read(Path.of("container/rootfs/etc/waymark/waymark.yaml"), environment);

        assertThat(environment).isNotEmpty();
        assertThat(config.toString()).contains("kafka-1:9092,kafka-2:9092,kafka-3:9092");
    }

    @Test
    void composeLimitsWatchesAndPinsEveryService() throws IOException {
        assertThat(Compose.read().services()).hasSize(6).allSatisfy((name, service) -> {
            assertThat(service.fieldNames())
                    .toIterable()
                    .as(name)
                    .contains("healthcheck", "mem_limit", "cpus", "restart", "cap_drop", "logging");
            assertThat(service.path("image").asText()).as(name).contains(":").doesNotEndWith(":latest");
        });
    }

    @Test
    void composeOpensNothingToTheNetworkUnasked() throws IOException {
        assertThat(Compose.read().ports())
                .isNotEmpty()
                .allSatisfy(
                        port -> assertThat(port).matches("(127\\.0\\.0\\.1|\\$\\{WAYMARK_BIND:-127\\.0\\.0\\.1}):.*"));
    }

    @Test
    void systemdUnderstandsTheUnit(@TempDir Path folder) throws Exception {
        Tool.Result outcome = installed("systemd-analyze")
                .run("verify", "--man=no", unit(folder).toString());

        assertThat(outcome.exitCode()).as(outcome.said()).isZero();
        assertThat(outcome.said()).doesNotContain("waymark.service:");
    }

    @Test
    void theUnitExposesLittle(@TempDir Path folder) throws Exception {
        Tool.Result outcome = installed("systemd-analyze")
                .run("security", "--offline=true", "--no-pager", unit(folder).toString());
        List<Double> exposure = Pattern.compile("Overall exposure level for waymark.service: ([0-9.]+)")
                .matcher(outcome.said())
                .results()
                .map(found -> Double.valueOf(found.group(1)))
                .toList();

        assertThat(exposure)
                .as(outcome.said())
                .hasSize(1)
                .allSatisfy(level -> assertThat(level).isLessThan(EXPOSURE_MAX));
    }

    @Test
    void kustomizeBuildsTheBase() throws Exception {
        Tool.Result outcome = installed("kubectl").run("kustomize", "kubernetes/base");

        assertThat(outcome.exitCode()).as(outcome.said()).isZero();
        assertThat(outcome.said()).contains("kind: StatefulSet", "kind: Service", "kind: PodDisruptionBudget");
    }

    @Test
    void runbookNamesOnlyFilesThatExist() throws IOException {
        List<String> links = Pattern.compile("]\\(([^)#:]+)\\)")
                .matcher(Files.readString(RUNBOOK))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Path.of(link)).exists());
    }

    private static PlatformConfig read(Path file, Map<String, String> environment) throws ConfigException {
        return PlatformConfig.read(new ConfigInput(Optional.of(file), environment, Map.of()));
    }

    /** The unit with a program that exists here, since verify looks for it. */
    private static Path unit(Path folder) throws IOException {
        Path program = Files.createFile(folder.resolve("waymark"));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String unit = Files.readString(Path.of("systemd/waymark.service"));
        assertThat(unit).contains("/opt/waymark/bin/waymark");
        return Files.writeString(
                folder.resolve("waymark.service"), unit.replace("/opt/waymark/bin/waymark", program.toString()));
    }
}
