package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.waymark.identifier.Handle;
import io.waymark.platform.bulk.RecordJson;
import io.waymark.resolver.admin.Registrar;
import io.waymark.storage.record.RecordStore;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/** All records of one prefix or of all, as a stream that follows the reader's speed. */
@Description("Many records as a stream.")
final class ExportService {
    private static final int PAGE = 256;
    private static final MediaType NDJSON = MediaType.create("application", "x-ndjson");

    private final Registrar registrar;
    private final RecordStore records;

    ExportService(Registrar registrar, RecordStore records) {
        this.registrar = registrar;
        this.records = records;
    }

    @Get("/api/v1/records/export")
    @Decorator(OperatorOnly.class)
    @Description("NDJSON lines as import takes them, secrets included: keep the file safe. Prefix handles (0.NA/…) are"
            + " left out: waymark import --home makes them.")
    public HttpResponse export(ServiceRequestContext ctx, @Param("prefix") @Default("") String prefix) {
        HttpResponseWriter out = HttpResponse.streaming();
        Executor executor = ctx.blockingTaskExecutor();
        executor.execute(() -> begin(out, prefix, executor));
        return out;
    }

    private void begin(HttpResponseWriter out, String prefix, Executor executor) {
        try {
            List<String> homed = registrar.homedPrefixes();
            if (!prefix.isEmpty() && homed.stream().noneMatch(prefix::equalsIgnoreCase)) {
                throw ApiException.notFound("prefix " + prefix + " does not live here");
            }
            out.write(ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, NDJSON));
            new Run(out, prefix.isEmpty() ? homed : List.of(prefix), executor).step();
        } catch (RuntimeException e) {
            out.close(e);
        }
    }

    /** One export. Its steps follow each other, each on a blocking thread, when the client has taken the one before. */
    private final class Run {
        private final HttpResponseWriter out;
        private final Deque<String> prefixes;
        private final Executor executor;
        private String after = "";

        Run(HttpResponseWriter out, List<String> prefixes, Executor executor) {
            this.out = out;
            this.prefixes = new ArrayDeque<>(prefixes);
            this.executor = executor;
        }

        void step() {
            try {
                if (!out.isOpen()) {
                    return;
                }
                HttpData page = nextPage();
                if (page.isEmpty()) {
                    out.close();
                } else if (out.tryWrite(page)) {
                    out.whenConsumed().thenRunAsync(this::step, executor);
                }
            } catch (RuntimeException e) {
                out.close(e);
            }
        }

        private HttpData nextPage() {
            while (!prefixes.isEmpty()) {
                List<Handle> handles = new ArrayList<>(PAGE);
                records.list(prefixes.element(), after, PAGE, handles::add);
                if (!handles.isEmpty()) {
                    after = handles.get(handles.size() - 1).canonical();
                    HttpData lines = lines(handles);
                    if (!lines.isEmpty()) {
                        return lines;
                    }
                } else {
                    prefixes.remove();
                    after = "";
                }
            }
            return HttpData.empty();
        }

        private HttpData lines(List<Handle> handles) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (Handle handle : handles) {
                records.find(handle).ifPresent(values -> {
                    lines.writeBytes(Json.bytes(RecordJson.toJson(handle, RecordJson.forOperator(values))));
                    lines.write('\n');
                });
            }
            return HttpData.wrap(lines.toByteArray());
        }
    }
}
