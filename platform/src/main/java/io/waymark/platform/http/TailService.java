package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.netty.channel.Channel;
import io.waymark.gateway.live.LiveTail;
import io.waymark.gateway.live.TailEvent;
import io.waymark.gateway.packet.Topics;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What devices do, while they do it. Each viewer has a thread of its own; there are few. */
@Description("What devices do, while they do it.")
final class TailService {
    private static final MediaType NDJSON = MediaType.create("application", "x-ndjson");
    private static final long HEARTBEAT_SECONDS = 5;
    /** A reader that takes nothing for so long is gone. */
    private static final long STALLED_MILLIS = 60_000;
    /** And one that takes nothing for so long while the node waits for it to end. */
    private static final long STALLED_AT_END_MILLIS = 250;

    private final LiveTail tail;

    TailService(LiveTail tail) {
        this.tail = tail;
    }

    @Get("/api/v1/tail")
    @Decorator(OperatorOnly.class)
    @Description(
            "NDJSON, one line for each message, command, connect, disconnect and refusal from now on, of a device, of a group,"
                    + " to topics that match a filter, if asked. Payloads in base64, cut after 4096 octets. A line {\"missed\"}"
                    + " says how many were left out because the reader was too slow; empty lines show that nothing happens; a last"
                    + " line {\"ended\"} says that the node stops.")
    public HttpResponse tail(
            ServiceRequestContext ctx,
            @Param("device") @Default("") String device,
            @Param("group") @Default("") String group,
            @Param("topic") @Default("") String topic) {
        if (!topic.isEmpty() && (!Topics.isFilter(topic) || Topics.isShared(topic))) {
            throw ApiException.badRequest("bad_topic", "topic must be a topic filter but was \"" + topic + "\"");
        }
        LiveTail.Viewer viewer = tail.watch(new LiveTail.Wanted(device, group, topic));
        if (viewer == null) {
            throw new ApiException(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "busy",
                    LiveTail.VIEWERS_MAX + " viewers watch already; end one of them or try again later");
        }
        HttpResponseWriter out = HttpResponse.streaming();
        out.write(ResponseHeaders.of(
                HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, NDJSON, HttpHeaderNames.CACHE_CONTROL, "no-store"));
        Thread thread = new Thread(() -> show(viewer, out, ctx), "waymark-tail");
        thread.setDaemon(true);
        // a viewer that hangs up makes room for another at once, not only when it is written to again
        out.whenComplete().whenComplete((done, failure) -> thread.interrupt());
        thread.start();
        return out;
    }

    private void show(LiveTail.Viewer viewer, HttpResponseWriter out, ServiceRequestContext ctx) {
        try {
            boolean open = true;
            while (open && !viewer.isOver()) {
                TailEvent event = viewer.next(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
                long missed = viewer.missed();
                String told = missed == 0 ? "" : Json.object().put("missed", missed) + "\n";
                open = out.tryWrite(HttpData.ofUtf8(told + (event == null ? "" : line(event)) + "\n"));
                if (open) {
                    awaitTaken(viewer, out);
                }
            }
            var unused = out.tryWrite(HttpData.ofUtf8(Json.object().put("ended", "the node stops") + "\n"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            out.close(e);
            hangUpAtEnd(viewer, ctx);
        } finally {
            tail.leave(viewer);
            out.close();
        }
    }

    /** To a reader that takes nothing the end of the answer cannot be sent, and the node would wait for that. */
    private static void hangUpAtEnd(LiveTail.Viewer viewer, ServiceRequestContext ctx) {
        Channel channel = ctx.log().partial().channel();
        if (viewer.isEnding() && channel != null) {
            channel.close();
        }
    }

    private static void awaitTaken(LiveTail.Viewer viewer, HttpResponseWriter out)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (long waited = 0; waited < STALLED_MILLIS; waited += STALLED_AT_END_MILLIS) {
            boolean ending = viewer.isEnding();
            try {
                out.whenConsumed().get(STALLED_AT_END_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (ending) {
                    throw e;
                }
            }
        }
        throw new TimeoutException("nothing was taken for " + STALLED_MILLIS + " ms");
    }

    private static ObjectNode line(TailEvent event) {
        ObjectNode line = Json.object()
                .put("time", Instant.ofEpochMilli(event.atMillis()).toString())
                .put("kind", event.kind())
                .put("device", event.deviceId())
                .put("group", event.group());
        if (!event.hasPayload()) {
            return line.put("detail", event.detail());
        }
        return line.put("topic", event.topic())
                .put("qos", event.qos())
                .put("retain", event.retain())
                .put("size", event.size())
                .put("payload", Base64.getEncoder().encodeToString(event.head()));
    }
}
