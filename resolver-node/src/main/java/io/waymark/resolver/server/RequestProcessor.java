package io.waymark.resolver.server;

import io.waymark.resolver.admin.AdminProtocol;
import io.waymark.resolver.admin.Origin;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.upstream.Lookup;
import io.waymark.resolver.upstream.Question;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.MalformedMessageException;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import io.waymark.resolver.wire.RequestDecoder;
import io.waymark.resolver.wire.ResponseEncoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Octets of a request to octets of its answer, whatever the transport: the general path. Safe for any thread.
 *
 * <p>Plain resolutions and site requests are answered on the caller's thread. What signs, authenticates or writes runs on
 * the workers; when those are full, the answer is SERVER_TOO_BUSY.
 */
public final class RequestProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(RequestProcessor.class);

    private final Resolver resolver;
    private final Lookup lookup;
    private final Elsewhere elsewhere;
    private final SiteRecord ownSite;
    private final AdminProtocol admin;
    private final AnswerWriter writer;
    private final ResponseEncoder.Signer nodeKey;
    private final Executor workers;
    private final ResolverMetrics metrics;

    /**
     * @param workers bounded; may throw {@link RejectedExecutionException}
     */
    public RequestProcessor(
            Resolver resolver,
            Lookup lookup,
            SiteRecord ownSite,
            AdminProtocol admin,
            ResponseEncoder encoder,
            ResponseEncoder.Signer nodeKey,
            Executor workers,
            ResolverMetrics metrics) {
        this.resolver = resolver;
        this.lookup = lookup;
        this.elsewhere = new Elsewhere(resolver);
        this.ownSite = ownSite;
        this.admin = admin;
        this.writer = new AnswerWriter(encoder, metrics);
        this.nodeKey = nodeKey;
        this.workers = workers;
        this.metrics = metrics;
    }

    /**
     * Answers a message.
     *
     * @param frame envelope first, whole; kept
     * @return never fails
     */
    public CompletableFuture<Frames> process(byte[] frame, Origin origin) {
        Envelope envelope;
        try {
            envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
        } catch (MalformedMessageException e) {
            metrics.malformed(origin.transport(), e.reason());
            return CompletableFuture.completedFuture(Frames.NONE);
        }
        byte[] message = Arrays.copyOfRange(frame, EnvelopeCodec.BYTES, frame.length);
        try {
            CompletableFuture<Frames> answer = envelope.has(Envelope.ENCRYPTED)
                    ? answerSealed(envelope, message, origin)
                    : answer(RequestDecoder.decode(envelope, message), origin);
            return answer.exceptionally(failure -> {
                LOG.error("request {} could not be answered", envelope.requestId(), failure);
                return Frames.NONE;
            });
        } catch (MalformedMessageException e) {
            metrics.malformed(origin.transport(), e.reason());
            return CompletableFuture.completedFuture(writer.refusal(envelope, message, e));
        }
    }

    private CompletableFuture<Frames> answer(RequestMessage request, Origin origin) {
        Transport transport = origin.transport();
        Optional<Response> refused = isAdministrationOverDatagrams(request, transport)
                ? Optional.of(failure(ResponseCode.PROTOCOL_ERROR, "the UDP interface takes queries only, use TCP"))
                : administeredElsewhere(request);
        if (refused.isPresent()) {
            return CompletableFuture.completedFuture(encode(request, unsigned(request, refused.get()), transport));
        }
        if (!needsToKnowWhoAsks(request)) {
            return plain(request, transport);
        }
        try {
            return CompletableFuture.supplyAsync(() -> administered(request, origin), workers)
                    .thenCompose(frames -> frames);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(busy(request, transport));
        }
    }

    private Frames busy(RequestMessage request, Transport transport) {
        metrics.busy();
        return encode(request, unsigned(request, failure(ResponseCode.SERVER_TOO_BUSY, "")), transport);
    }

    /** As the node's own site record says; datagrams are too small for it, and their source may be forged. */
    private static boolean isAdministrationOverDatagrams(RequestMessage request, Transport transport) {
        return transport == Transport.UDP
                && OpCode.of(request.header().opCode())
                        .filter(OpCode::administrative)
                        .isPresent();
    }

    private boolean needsToKnowWhoAsks(RequestMessage message) {
        Request request = message.request();
        if (message.envelope().sessionId() != 0) {
            return request.kind() != Request.Kind.GET_SITE_INFO;
        }
        return switch (request.kind()) {
            case GET_SITE_INFO, UNSUPPORTED -> false;
            case RESOLUTION -> !message.has(OpFlags.PUBLIC_ONLY) && wantsHiddenValues((Request.Resolution) request);
            case WRITE_VALUES,
                    REMOVE_VALUES,
                    NAME_OPERATION,
                    CHALLENGE_ANSWER,
                    VERIFY_CHALLENGE,
                    SESSION_SETUP,
                    KEY_EXCHANGE,
                    LOGIN -> true;
        };
    }

    /** Nobody need prove who he is to learn that another node keeps the handle. */
    private Optional<Response> administeredElsewhere(RequestMessage message) {
        if (message.has(OpFlags.CERTIFIED)) {
            return Optional.empty(); // signed or authenticated refusals are the administration's
        }
        try {
            return elsewhere.of(message.request()).map(r -> message.has(OpFlags.NO_REFERRAL) ? r.withheld() : r);
        } catch (RuntimeException e) {
            LOG.error("looking for a delegation failed", e);
            return Optional.empty(); // the administration meets the fault again, and answers it
        }
    }

    private boolean wantsHiddenValues(Request.Resolution request) {
        try {
            return resolver.hasHiddenValues(request.handle(), filter(request));
        } catch (RuntimeException e) {
            LOG.error("looking for hidden values failed", e);
            return false; // the general path meets the fault again, and answers it
        }
    }

    // --- nobody in particular

    private CompletableFuture<Frames> plain(RequestMessage request, Transport transport) {
        CompletableFuture<Response> found;
        try {
            found = respond(request);
        } catch (RuntimeException e) {
            found = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<AdminProtocol.Answer> answer =
                found.exceptionally(e -> fault(request, e)).thenApply(response -> unsigned(request, response));
        return request.has(OpFlags.CERTIFIED)
                ? answer.thenApplyAsync(a -> encode(request, signedByNode(request, a), transport), workers)
                        .exceptionally(e -> busy(request, transport))
                : answer.thenApply(a -> encode(request, a, transport));
    }

    private CompletableFuture<Response> respond(RequestMessage message) {
        Request request = message.request();
        return switch (request.kind()) {
            case RESOLUTION -> lookup.find(Question.of(message, (Request.Resolution) request));
            case GET_SITE_INFO -> own(new Response.Site(ownSite.current()));
            case WRITE_VALUES,
                    REMOVE_VALUES,
                    NAME_OPERATION,
                    CHALLENGE_ANSWER,
                    VERIFY_CHALLENGE,
                    SESSION_SETUP,
                    KEY_EXCHANGE,
                    LOGIN,
                    UNSUPPORTED ->
                own(failure(
                        ResponseCode.OPERATION_NOT_SUPPORTED,
                        "operation " + message.header().opCode() + " is not offered"));
        };
    }

    private static CompletableFuture<Response> own(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    private static ValueFilter filter(Request.Resolution request) {
        return new ValueFilter(request.indexes(), request.types());
    }

    // --- somebody

    private CompletableFuture<Frames> administered(RequestMessage request, Origin origin) {
        CompletableFuture<AdminProtocol.Answer> answer;
        try {
            answer = admin.answer(request, origin).thenCompose(a -> completed(request, a));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(e -> unsigned(request, fault(request, e)))
                .thenApply(a -> encode(request, signedByNode(request, a), origin.transport()));
    }

    /** Fills in what whoever asks is answered alike. */
    private CompletableFuture<AdminProtocol.Answer> completed(RequestMessage request, AdminProtocol.Answer answer) {
        return answer.response().isEmpty()
                ? respond(request).thenApply(found -> answer.saying(found))
                : CompletableFuture.completedFuture(answer);
    }

    /**
     * Decrypts and answers. Whatever is wrong with such a message is answered alike: else a forger could learn from the
     * differences what is in a message he overheard.
     */
    private CompletableFuture<Frames> answerSealed(Envelope envelope, byte[] sealed, Origin origin)
            throws MalformedMessageException {
        EnvelopeCodec.check(envelope);
        try {
            return CompletableFuture.supplyAsync(() -> opened(envelope, sealed), workers)
                    .thenCompose(request -> request.map(r -> administered(r, origin))
                            .orElseGet(() -> CompletableFuture.completedFuture(unreadable(envelope, origin))));
        } catch (RejectedExecutionException e) {
            metrics.busy();
            return CompletableFuture.completedFuture(
                    Frames.of(List.of(writer.refusal(envelope, ResponseCode.SERVER_TOO_BUSY, ""))));
        }
    }

    private Optional<RequestMessage> opened(Envelope envelope, byte[] sealed) {
        try {
            Optional<byte[]> message = admin.open(envelope, sealed);
            return message.isEmpty()
                    ? Optional.empty()
                    : Optional.of(RequestDecoder.decodeOpened(envelope, message.get()));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    private Frames unreadable(Envelope envelope, Origin origin) {
        metrics.malformed(origin.transport(), Reason.ENCODING);
        return Frames.of(List.of(writer.refusal(
                envelope, ResponseCode.INVALID_SESSION_KEY, "the message is not of this session, or was seen before")));
    }

    /** Outside a session, the node's own key signs whatever must be signed: the session's key among it. */
    private AdminProtocol.Answer signedByNode(RequestMessage request, AdminProtocol.Answer answer) {
        return request.has(OpFlags.CERTIFIED) && answer.signer().isEmpty() ? answer.signedBy(nodeKey) : answer;
    }

    private static AdminProtocol.Answer unsigned(RequestMessage request, Response response) {
        return new AdminProtocol.Answer(
                request.header().opCode(),
                request.envelope().sessionId(),
                Optional.of(response),
                Optional.empty(),
                Optional.empty());
    }

    private static Response fault(RequestMessage request, Throwable cause) {
        LOG.error(
                "request {} of kind {} failed",
                request.envelope().requestId(),
                request.request().kind(),
                cause);
        return failure(ResponseCode.ERROR, "the request could not be carried out; the node's log says why");
    }

    // --- octets

    private Frames encode(RequestMessage request, AdminProtocol.Answer answer, Transport transport) {
        Response response = answer.response().orElseThrow();
        Frames first = Frames.of(List.of(writer.write(request, answer, response, transport)));
        return response.kind() != Response.Kind.NAMES
                ? first
                : new Frames(
                        first.made(),
                        ((Response.Names) response).next().map(next -> () -> more(request, answer, next, transport)));
    }

    /** The client takes a list that ends in an error for one that is not whole. */
    private CompletableFuture<Frames> more(
            RequestMessage request, AdminProtocol.Answer answer, Supplier<Response.Names> next, Transport transport) {
        try {
            return CompletableFuture.supplyAsync(() -> encode(request, answer.saying(next.get()), transport), workers)
                    .exceptionally(e -> encode(request, answer.saying(fault(request, e)), transport));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(busy(request, transport));
        }
    }

    private static Response failure(ResponseCode code, String message) {
        return new Response.Failure(code, message);
    }
}
