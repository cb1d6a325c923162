package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.platform.bulk.ImportException;
import io.waymark.platform.bulk.ImportJob;
import io.waymark.platform.bulk.ImportThreads;
import io.waymark.platform.bulk.InputFormat;
import io.waymark.resolver.statistics.Statistics;
import io.waymark.storage.StorageException;
import io.waymark.storage.bulk.BulkInterruptedException;
import io.waymark.storage.bulk.BulkPolicy;
import io.waymark.storage.bulk.BulkProgress;
import io.waymark.storage.bulk.BulkResult;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoreChangedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Very many records at one stroke: all or nothing. The answer is a stream of NDJSON lines, {@code {"phase","done","total"}}
 * while it lasts and {@code {"result":…}} or {@code {"error","message"}} at the end; who hangs up before the commit stops the
 * import. One at a time.
 */
@Description("Very many records at one stroke.")
final class BulkImportService {
    private static final Semaphore RUNNING = new Semaphore(1);
    private static final MediaType NDJSON = MediaType.create("application", "x-ndjson");
    private static final long TELL_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int REFUSALS_TOLD_MAX = 1_000;

    private final RecordStore records;
    private final Optional<Statistics> statistics;
    private final Path imports;
    private final Clock clock;

    BulkImportService(RecordStore records, Optional<Statistics> statistics, Clock clock) {
        this.records = records;
        this.statistics = statistics;
        this.imports = records.bulk().directory().resolveSibling("import");
        this.clock = clock;
    }

    /** What is done with one import, on a thread of its own. */
    @FunctionalInterface
    private interface Work {
        ObjectNode run(BulkProgress progress, ImportThreads threads) throws IOException;
    }

    @Post("/api/v1/records/bulk/{job}")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("Loads an import that waymark import has staged in this node's data folder.")
    public HttpResponse loadStaged(
            ServiceRequestContext ctx,
            @Param("job") String job,
            @Param("overwrite") @Default("false") boolean overwrite,
            @Param("skipBad") @Default("false") boolean skipBad,
            @Param("home") @Default("false") boolean home) {
        if (!job.matches("[0-9a-f]{16}")) {
            throw ApiException.badRequest("bad_import", "an import is named by 16 hexadecimal digits");
        }
        return begin(ctx, (progress, threads) -> {
            try (ImportJob staged = ImportJob.resume(imports.resolve(job))) {
                return load(staged, new BulkPolicy(overwrite, skipBad), home, threads, progress);
            }
        });
    }

    @Post("/api/v1/records/bulk")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description("Loads the body: NDJSON lines {\"handle\", \"values\"}, or CSV with a head line (format=csv).")
    public HttpResponse loadBody(
            ServiceRequestContext ctx,
            HttpRequest request,
            @Param("format") @Default("ndjson") String format,
            @Param("overwrite") @Default("false") boolean overwrite,
            @Param("skipBad") @Default("false") boolean skipBad,
            @Param("home") @Default("false") boolean home)
            throws IOException {
        InputFormat read = format(format);
        Path body = receive(request);
        return begin(ctx, (progress, threads) -> {
            try (ImportJob job = ImportJob.begin(imports, List.of(body), read, (int) (clock.millis() / 1000))) {
                job.stage(threads.count(), threads.executor(), progress);
                ObjectNode result = load(job, new BulkPolicy(overwrite, skipBad), home, threads, progress);
                job.delete();
                return result;
            } finally {
                Files.deleteIfExists(body);
            }
        });
    }

    private static InputFormat format(String name) {
        return switch (name) {
            case "ndjson" -> InputFormat.NDJSON;
            case "csv" -> InputFormat.CSV;
            default -> throw ApiException.badRequest("bad_format", "format must be ndjson or csv but was " + name);
        };
    }

    private Path receive(HttpRequest request) throws IOException {
        Files.createDirectories(imports);
        Path body = Files.createTempFile(imports, "body-", ".tmp");
        try (InputStream in = request.toInputStream(data -> (HttpData) data)) {
            Files.copy(in, body, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return body;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(body);
            throw e;
        }
    }

    private HttpResponse begin(ServiceRequestContext ctx, Work work) {
        if (!RUNNING.tryAcquire()) {
            throw new ApiException(HttpStatus.TOO_MANY_REQUESTS, "busy", "an import runs already; try again later");
        }
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, NDJSON));
        ctx.blockingTaskExecutor().execute(() -> run(out, work));
        return out;
    }

    private static void run(HttpResponseWriter out, Work work) {
        try (ImportThreads threads = new ImportThreads()) {
            tell(out, work.run(new Told(out), threads));
        } catch (ImportException | StoreChangedException | BulkInterruptedException e) {
            tell(out, Json.error("import_failed", String.valueOf(e.getMessage())));
        } catch (IOException | StorageException e) {
            tell(out, Json.error("storage_failed", String.valueOf(e.getMessage())));
        } finally {
            RUNNING.release();
            out.close();
        }
    }

    private ObjectNode load(
            ImportJob job, BulkPolicy policy, boolean home, ImportThreads threads, BulkProgress progress)
            throws IOException {
        ImportJob.Loaded loaded = job.load(records, policy, home, threads.executor(), progress);
        statistics.ifPresent(loaded::countIn);
        BulkResult result = loaded.result();
        ObjectNode answer = Json.object()
                .put("loaded", result.loaded())
                .put("records", result.records())
                .put("replaced", result.replaced())
                .put("superseded", result.superseded())
                .put("refused", result.refused())
                .put("homed", loaded.homed());
        ObjectNode secrets = answer.putObject("secrets");
        loaded.secrets().forEach(secrets::put);
        ArrayNode refusals = answer.putArray("refusals");
        job.forEachRefused(line -> {
            refusals.addObject().put("line", line.place().line()).put("reason", line.reason());
            return refusals.size() < REFUSALS_TOLD_MAX;
        });
        return Json.object().set("result", answer);
    }

    /** Whether somebody listens. */
    private static boolean tell(HttpResponseWriter out, ObjectNode line) {
        return out.isOpen() && out.tryWrite(HttpData.ofUtf8(line + "\n"));
    }

    /** Tells the client now and then, and stops the import when nobody listens any more. */
    private static final class Told implements BulkProgress {
        private final HttpResponseWriter out;
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
        private volatile Phase phase = Phase.READING;
        private volatile long total;

        Told(HttpResponseWriter out) {
            this.out = out;
        }

        @Override
        public void begin(Phase begun, long amount) {
            phase = begun;
            total = amount;
            done.set(0);
            nextNanos.set(System.nanoTime());
            advance(0);
        }

        @Override
        public void advance(long amount) {
            long now = done.addAndGet(amount);
            if (!out.isOpen() && phase != Phase.COMMITTING) {
                throw new BulkInterruptedException();
            }
            long due = nextNanos.get();
            if (System.nanoTime() - due >= 0 && nextNanos.compareAndSet(due, System.nanoTime() + TELL_EVERY_NANOS)) {
                tell(
                        out,
                        Json.object()
                                .put("phase", phase.name())
                                .put("done", now)
                                .put("total", total));
            }
        }
    }
}
