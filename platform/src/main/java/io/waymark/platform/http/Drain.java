package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets requests under way end before the rooms behind them close. The server's own stop does so too, but adds a fixed two
 * seconds, a fifth of the time a node may take to stop. Any thread.
 */
final class Drain implements DecoratingHttpServiceFunction {
    private final AtomicInteger active = new AtomicInteger();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean stopping;

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest request) throws Exception {
        active.incrementAndGet();
        ctx.log().whenComplete().thenRun(this::ended);
        if (stopping) {
            throw new ApiException(HttpStatus.SERVICE_UNAVAILABLE, "stopping", "the node is stopping");
        }
        return delegate.serve(ctx, request);
    }

    /** Refuses new requests from now on. */
    void begin() {
        stopping = true;
    }

    /** Waits for those under way, once there are no new ones; how many are left. */
    int await(Duration atMost) throws InterruptedException {
        if (active.get() == 0) {
            return 0;
        }
        try {
            idle.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return 0;
        } catch (TimeoutException | ExecutionException e) {
            return active.get();
        }
    }

    private void ended() {
        if (active.decrementAndGet() == 0 && stopping) {
            idle.complete(null);
        }
    }
}
