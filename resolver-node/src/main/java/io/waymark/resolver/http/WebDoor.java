package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a web request to the part that answers it.
 *
 * <pre>
 * /api/…                     Handle JSON REST
 * /.well-known/gs1resolver   what this node does as a GS1 resolver
 * /01/…, /00/…, /414/…, …    GS1 Digital Link
 * /                          a page with a form
 * /{handle}                  redirect, or a page of the record
 * </pre>
 *
 * <p>Safe for any thread that may wait for the disk; for what {@link #isQuick}, for event loops too. Writes complete on the
 * registrar's threads.
 */
public final class WebDoor {
    /**
     * An answer and the kind of address it is for.
     *
     * @param route the word in metrics
     * @param answer never fails for anything a client does
     */
    public record Routed(String route, CompletableFuture<WebAnswer> answer) {}

    private static final String READING = "GET, HEAD, OPTIONS";

    private final HandleApi api;
    private final DigitalLinkDoor digitalLinks;
    private final BrowserDoor browser;

    /** Takes the parts. */
    public WebDoor(HandleApi api, DigitalLinkDoor digitalLinks, BrowserDoor browser) {
        this.api = api;
        this.digitalLinks = digitalLinks;
        this.browser = browser;
    }

    /** Answers a request. */
    public Routed answer(WebRequest request) {
        String path = request.rawPath();
        if (path.equals("/api") || path.startsWith("/api/")) {
            return routed("api", () -> api.answer(request));
        }
        if (request.method().equals("OPTIONS")) {
            return routed("preflight", () -> done(preflight(READING)));
        }
        if (!request.method().equals("GET")) {
            return routed("other", () -> done(methodNotAllowed(request)));
        }
        if (path.equals("/.well-known/gs1resolver")) {
            return routed("well-known", () -> done(digitalLinks.description(request)));
        }
        if (DigitalLinkDoor.isDigitalLink(path)) {
            return routed("digital-link", () -> done(digitalLinks.answer(request)));
        }
        return routed("browser", () -> browser.answer(request));
    }

    /** Whether the answer needs nothing but what is in memory, so that an event loop may make it. */
    public boolean isQuick(WebRequest request) {
        return api.isQuick(request);
    }

    private static WebAnswer methodNotAllowed(WebRequest request) {
        return fault(405, "method_not_allowed", request.method() + " is not offered at " + request.rawPath())
                .withHeader("allow", READING);
    }

    /** What a browser asks before it lets a page call. */
    static WebAnswer preflight(String methods) {
        return WebAnswer.empty(204)
                .forAnyOrigin()
                .withHeader("allow", methods)
                .withHeader("access-control-allow-methods", methods)
                .withHeader("access-control-allow-headers", "authorization, content-type, accept")
                .withHeader("access-control-max-age", "86400");
    }

    /** Says what is wrong, in the form all errors have; {@code responseCode} beside it for Handle clients. */
    public static WebAnswer fault(int status, String word, String message) {
        return fault(new WebFault(status, word, message));
    }

    private static WebAnswer fault(WebFault fault) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("responseCode", fault.code().code());
        json.put("error", fault.word());
        json.put("message", fault.sentence());
        return WebAnswer.json(fault.status(), json, false).forAnyOrigin();
    }

    private static CompletableFuture<WebAnswer> done(WebAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private interface Part {
        CompletableFuture<WebAnswer> answer() throws WebFault;
    }

    private static Routed routed(String route, Part part) {
        try {
            return new Routed(route, part.answer());
        } catch (WebFault e) {
            return new Routed(route, done(fault(e)));
        }
    }
}
