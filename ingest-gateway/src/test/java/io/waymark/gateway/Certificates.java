package io.waymark.gateway;

import io.waymark.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of our own in a directory, by the openssl every operator has. */
public final class Certificates {
    private final Path directory;

    public Certificates(Path directory) throws Exception {
        this.directory = Files.createDirectories(directory);
        Files.writeString(directory.resolve("index.txt"), "");
        Files.writeString(directory.resolve("crlnumber"), "01\n");
        Files.writeString(
                directory.resolve("ca.cnf"),
                "[ca]\ndefault_ca=d\n[d]\ndatabase=" + directory + "/index.txt\ncrlnumber=" + directory
                        + "/crlnumber\ndefault_md=sha256\ndefault_crl_days=2\n");
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority"
                + " -keyout ca.key -out ca.pem");
    }

    private void openssl(String arguments) {
        Tool.onPath("openssl", "openssl")
                .in(directory)
                .run(arguments.split(" "))
                .succeeded();
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** NAME.pem and NAME.key, issued by the authority. */
    public void issue(String name, String commonName) throws Exception {
        Files.writeString(directory.resolve("ext.cnf"), "subjectAltName=IP:127.0.0.1\n");
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + commonName + " -keyout "
                + name + ".key -out " + name + ".csr");
        openssl("x509 -req -days 2 -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile ext.cnf -out "
                + name + ".pem");
    }

    /** Writes crl.pem with what has been revoked. */
    void writeRevocations() throws Exception {
        openssl("ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out crl.pem");
    }

    void revoke(String name) throws Exception {
        openssl("ca -config ca.cnf -revoke " + name + ".pem -keyfile ca.key -cert ca.pem");
        writeRevocations();
    }

    String fingerprint(String name) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file(name + ".pem"))) {
            byte[] der = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        }
    }

    /** Of a client that trusts the authority; with the certificate of that name, or none if empty. */
    SSLContext client(String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(file("ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own(name), "x".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore own(String name) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        if (name.isEmpty()) {
            own.load(null, null);
            return own;
        }
        openssl("pkcs12 -export -in " + name + ".pem -inkey " + name + ".key -out " + name + ".p12 -passout pass:x");
        try (InputStream in = Files.newInputStream(file(name + ".p12"))) {
            own.load(in, "x".toCharArray());
        }
        return own;
    }
}
