package io.waymark.resolver;

import io.waymark.testing.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real openssl, as a process: certificates we did not make. */
public final class OpenSsl {
    /**
     * A certificate and its key, PEM.
     *
     * @param certificate self-signed
     * @param key PKCS #8
     */
    public record Pem(Path certificate, Path key) {}

    private OpenSsl() {}

    /** @param kind for example {@code rsa:2048} or {@code ec} */
    public static Pem certificate(Path directory, String name, String kind, String subject) throws Exception {
        Pem pem = new Pem(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
        List<String> command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "30"));
        command.addAll(
                kind.equals("ec")
                        ? List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
                        : List.of("-newkey", kind));
        command.addAll(List.of(
                "-keyout", pem.key().toString(), "-out", pem.certificate().toString(), "-subj", subject));
        run(command);
        return pem;
    }

    /** Another certificate of the same key. */
    public static Pem certificateOf(Path directory, String name, Path key, String subject) throws Exception {
        Pem pem = new Pem(directory.resolve(name + ".crt"), key);
        run(List.of(
                "req",
                "-x509",
                "-days",
                "30",
                "-key",
                key.toString(),
                "-out",
                pem.certificate().toString(),
                "-subj",
                subject));
        return pem;
    }

    /** The key in another form. */
    public static Pem withKeyAs(Pem pem, String form, String... command) throws Exception {
        Path key = pem.key().resolveSibling(form + ".key");
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of("-in", pem.key().toString(), "-out", key.toString()));
        run(all);
        return new Pem(pem.certificate(), key);
    }

    private static void run(List<String> arguments) {
        Tool.onPath("openssl", "openssl").run(arguments.toArray(String[]::new)).succeeded();
    }
}
