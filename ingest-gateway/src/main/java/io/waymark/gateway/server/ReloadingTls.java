package io.waymark.gateway.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS that follows its files: certificate, key, authorities and revocation list are looked at now and then, and what has changed
 * holds from the next handshake on. Files that cannot be used leave everything as it is and are reported.
 */
final class ReloadingTls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);

    private final ServerSettings.Tls settings;
    private final Counter reloaded;
    private final Counter failed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "gateway-tls-files");
        made.setDaemon(true);
        return made;
    });
    private volatile SslContext current;
    private List<String> seen;

    /** @throws IllegalArgumentException naming the file that cannot be used */
    ReloadingTls(ServerSettings.Tls settings, MeterRegistry metrics) {
        this.settings = settings;
        this.seen = look();
        this.current = TlsContexts.server(settings);
        this.reloaded = counter(metrics, "ok");
        this.failed = counter(metrics, "failed");
        long millis = settings.reloadCheck().toMillis();
        thread.scheduleWithFixedDelay(this::check, millis, millis, TimeUnit.MILLISECONDS);
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("waymark.gateway.tls.reloads")
                .description("changes of the TLS files")
                .tag("outcome", outcome)
                .register(metrics);
    }

    /** For the next handshake. Any thread. */
    SslContext current() {
        return current;
    }

    private void check() {
        List<String> now = look();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            current = TlsContexts.server(settings);
            reloaded.increment();
            LOG.info("TLS files have changed and hold from now on");
        } catch (IllegalArgumentException e) {
            failed.increment();
            LOG.error("TLS files have changed and cannot be used; the old ones still hold: {}", e.getMessage());
        }
    }

    private List<String> look() {
        List<Path> files = new ArrayList<>(List.of(settings.certificateChain(), settings.privateKey()));
        settings.clients().authorities().ifPresent(files::add);
        settings.clients().revocations().ifPresent(files::add);
        return files.stream().map(ReloadingTls::state).toList();
    }

    private static String state(Path file) {
        try {
            return Files.getLastModifiedTime(file) + "/" + Files.size(file);
        } catch (IOException e) {
            return "absent";
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
