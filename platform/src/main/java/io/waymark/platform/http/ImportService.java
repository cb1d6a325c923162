package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.platform.bulk.RecordJson;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registrar;
import io.waymark.resolver.admin.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/** Many records in one request, one JSON object a line, read as a stream: memory does not grow with the import. */
@Description("Many records in one request.")
final class ImportService {
    private static final int BATCH = 512;
    private static final int LINE_BYTES_MAX = 4 << 20;
    private static final int BATCH_BYTES = 8 << 20;
    private static final int REFUSALS_TOLD_MAX = 10_000;
    /** Each import holds a blocking thread; the others are for everybody else. */
    private static final int AT_ONCE_MAX = 3;

    private final Registrar registrar;
    private final Clock clock;
    private final Semaphore running = new Semaphore(AT_ONCE_MAX);

    ImportService(Registrar registrar, Clock clock) {
        this.registrar = registrar;
        this.clock = clock;
    }

    @Post("/api/v1/records/import")
    @Decorator(OperatorOnly.class)
    @Blocking
    @Description(
            "NDJSON lines {\"handle\", \"values\", \"overwrite\"?}. Each is decided on its own; what was accepted is"
                    + " on disk when the answer comes.")
    public HttpResponse importRecords(HttpRequest request) throws IOException {
        if (!running.tryAcquire()) {
            throw new ApiException(
                    HttpStatus.TOO_MANY_REQUESTS, "busy", AT_ONCE_MAX + " imports run already; try again later");
        }
        try {
            return Json.ok(run(request));
        } finally {
            running.release();
        }
    }

    private ObjectNode run(HttpRequest request) throws IOException {
        Run run = new Run();
        try (InputStream body = request.toInputStream(data -> (HttpData) data)) {
            Lines lines = new Lines(body, LINE_BYTES_MAX);
            for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
                run.take(line);
            }
        }
        run.commit();
        return run.answer();
    }

    /** One import: what waits for its commit, and what became of the lines so far. One thread. */
    private final class Run {
        private final List<Registration> waiting = new ArrayList<>();
        private final List<Long> waitingLines = new ArrayList<>();
        private final SortedMap<Long, String> refusals = new TreeMap<>();
        private int waitingBytes;
        private long accepted;
        private long refusedCount;

        void take(Lines.Line line) {
            if (line.isBlank()) {
                return;
            }
            try {
                waiting.add(RecordJson.fromJson(Json.parse("the line", line.octets()), clock));
                waitingLines.add(line.number());
                waitingBytes += line.octets().length;
            } catch (ApiException | MalformedIdentifierException | MalformedRecordException e) {
                refuse(line.number(), String.valueOf(e.getMessage()));
            }
            if (waiting.size() == BATCH || waitingBytes >= BATCH_BYTES) {
                commit();
            }
        }

        void commit() {
            List<Outcome> outcomes = registrar.putAll(List.copyOf(waiting)).join();
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Outcome.Refused no) {
                    refuse(waitingLines.get(i), no.message());
                } else {
                    accepted++;
                }
            }
            waiting.clear();
            waitingLines.clear();
            waitingBytes = 0;
        }

        private void refuse(long line, String reason) {
            if (refusedCount++ < REFUSALS_TOLD_MAX) {
                refusals.put(line, reason);
            }
        }

        ObjectNode answer() {
            ObjectNode answer = Json.object().put("accepted", accepted);
            ArrayNode refused = answer.putArray("refused");
            refusals.forEach(
                    (line, reason) -> refused.addObject().put("line", line).put("reason", reason));
            if (refusedCount > REFUSALS_TOLD_MAX) {
                answer.put("refusedCount", refusedCount);
            }
            return answer;
        }
    }
}
