package io.waymark.resolver.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.resolver.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {
    @TempDir
    Path directory;

    @Test
    void readsKeysInEveryFormOpensslWrites() throws Exception {
        OpenSsl.Pem rsa = OpenSsl.certificate(directory, "rsa", "rsa:2048", "/CN=rsa.example");
        OpenSsl.Pem ec = OpenSsl.certificate(directory, "ec", "ec", "/CN=ec.example");
        OpenSsl.Pem pkcs1 = OpenSsl.withKeyAs(rsa, "pkcs1", "rsa", "-traditional");
        OpenSsl.Pem sec1 = OpenSsl.withKeyAs(ec, "sec1", "ec");
        OpenSsl.Pem locked = OpenSsl.withKeyAs(rsa, "locked", "rsa", "-aes256", "-passout", "pass:x");

        assertThat(Files.readString(pkcs1.key())).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(Files.readString(sec1.key())).contains("-----BEGIN EC PRIVATE KEY-----");
        for (OpenSsl.Pem pem : List.of(rsa, ec, pkcs1, sec1)) {
            assertThat(PemFiles.read(pem.certificate(), pem.key()).toString())
                    .as("%s", pem.key())
                    .startsWith(List.of(rsa, pkcs1).contains(pem) ? "CN=rsa.example" : "CN=ec.example");
        }
        assertThatThrownBy(() -> PemFiles.read(locked.certificate(), locked.key()))
                .hasMessageContaining("holds no unencrypted private key");
    }
}
