package io.waymark.resolver.server;

import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.SiteRecord;
import io.waymark.resolver.resolve.ValueFilter;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.HeaderCodec;
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
    private final SiteRecord ownSite;
    private final ResponseEncoder encoder;
    private final ResponseEncoder.Signer nodeKey;
    private final Executor workers;
    private final ResolverMetrics metrics;

    /**
     * @param workers bounded; may throw {@link RejectedExecutionException}
     */
    public RequestProcessor(
            Resolver resolver,
            SiteRecord ownSite,
            ResponseEncoder encoder,
            ResponseEncoder.Signer nodeKey,
            Executor workers,
            ResolverMetrics metrics) {
        this.resolver = resolver;
        this.ownSite = ownSite;
        this.encoder = encoder;
        this.nodeKey = nodeKey;
        this.workers = workers;
        this.metrics = metrics;
    }

    /**
     * Answers a message.
     *
     * @param frame envelope first, whole; kept
     * @return the messages of the answer in order, envelope first; none if the message deserves silence. Never fails
     */
    public CompletableFuture<List<byte[]>> process(byte[] frame, Transport transport) {
        Envelope envelope;
        try {
            envelope = EnvelopeCodec.decode(ByteBuffer.wrap(frame));
        } catch (MalformedMessageException e) {
            metrics.malformed(transport, e.reason());
            return CompletableFuture.completedFuture(List.of());
        }
        byte[] message = Arrays.copyOfRange(frame, EnvelopeCodec.BYTES, frame.length);
        try {
            return answer(RequestDecoder.decode(envelope, message), transport);
        } catch (MalformedMessageException e) {
            metrics.malformed(transport, e.reason());
            return CompletableFuture.completedFuture(refusal(envelope, message, e));
        }
    }

    private CompletableFuture<List<byte[]>> answer(RequestMessage request, Transport transport) {
        if (!needsWorker(request)) {
            return CompletableFuture.completedFuture(work(request, transport));
        }
        try {
            return CompletableFuture.supplyAsync(() -> work(request, transport), workers);
        } catch (RejectedExecutionException e) {
            metrics.busy();
            return CompletableFuture.completedFuture(
                    encode(request, failure(ResponseCode.SERVER_TOO_BUSY, ""), transport, Optional.empty()));
        }
    }

    private static boolean needsWorker(RequestMessage request) {
        return request.has(OpFlags.CERTIFIED);
    }

    private List<byte[]> work(RequestMessage request, Transport transport) {
        Optional<ResponseEncoder.Signer> signer =
                request.has(OpFlags.CERTIFIED) ? Optional.of(nodeKey) : Optional.empty();
        Response response;
        try {
            response = respond(request);
        } catch (RuntimeException e) {
            LOG.error(
                    "request {} of kind {} failed",
                    request.envelope().requestId(),
                    request.request().kind(),
                    e);
            response = failure(ResponseCode.ERROR, "the request could not be carried out; the node's log says why");
        }
        return encode(request, response, transport, signer);
    }

    private Response respond(RequestMessage message) {
        Request request = message.request();
        return switch (request.kind()) {
            case RESOLUTION -> resolve((Request.Resolution) request);
            case GET_SITE_INFO -> new Response.Site(ownSite.current());
            case WRITE_VALUES, REMOVE_VALUES, NAME_OPERATION, CHALLENGE_ANSWER, SESSION_SETUP, UNSUPPORTED ->
                failure(
                        ResponseCode.OPERATION_NOT_SUPPORTED,
                        "operation " + message.header().opCode() + " is not offered");
        };
    }

    private Response resolve(Request.Resolution request) {
        ValueFilter filter = new ValueFilter(request.indexes(), request.types());
        return resolver.resolve(request.handle(), filter, Reader.ANYONE);
    }

    private List<byte[]> encode(
            RequestMessage request, Response response, Transport transport, Optional<ResponseEncoder.Signer> signer) {
        metrics.answered(transport, response.code());
        int opCode = request.header().opCode();
        int sessionId = request.envelope().sessionId();
        byte[] frame = encoder.encode(request, opCode, sessionId, response, signer);
        if (frame.length - EnvelopeCodec.BYTES <= EnvelopeCodec.MAX_MESSAGE_BYTES) {
            return List.of(frame);
        }
        Response tooLarge = failure(
                ResponseCode.ERROR,
                "the answer exceeds " + EnvelopeCodec.MAX_MESSAGE_BYTES + " octets; ask for some values only");
        return List.of(encoder.encode(request, opCode, sessionId, tooLarge, Optional.empty()));
    }

    /** Whoever sent what may itself be an answer gets none, or two nodes could talk for ever. */
    private List<byte[]> refusal(Envelope envelope, byte[] message, MalformedMessageException fault) {
        if (message.length < HeaderCodec.BYTES || fault.reason() == Reason.NOT_A_REQUEST) {
            return List.of();
        }
        ByteBuffer header = ByteBuffer.wrap(message);
        boolean readable =
                fault.reason() != Reason.ENCODING && envelope.version().major() == 2;
        if (readable && header.getInt(4) != 0) {
            return List.of();
        }
        int opCode = readable ? header.getInt(0) : 0;
        return List.of(
                encoder.encodeRefusal(envelope, opCode, fault.reason().code(), String.valueOf(fault.getMessage())));
    }

    private static Response failure(ResponseCode code, String message) {
        return new Response.Failure(code, message);
    }
}
