package io.waymark.resolver.server;

import io.waymark.resolver.admin.AdminProtocol;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.HeaderCodec;
import io.waymark.resolver.wire.MalformedMessageException;
import io.waymark.resolver.wire.MalformedMessageException.Reason;
import io.waymark.resolver.wire.ResponseEncoder;
import java.nio.ByteBuffer;
import java.util.List;

/** Answers to octets, counted, none larger than a message may be. Safe for any thread. */
final class AnswerWriter {
    private final ResponseEncoder encoder;
    private final ResolverMetrics metrics;

    AnswerWriter(ResponseEncoder encoder, ResolverMetrics metrics) {
        this.encoder = encoder;
        this.metrics = metrics;
    }

    byte[] write(RequestMessage request, AdminProtocol.Answer answer, Response response, Transport transport) {
        metrics.answered(transport, response.code());
        byte[] frame = encode(request, answer, response);
        if (frame.length - EnvelopeCodec.BYTES <= EnvelopeCodec.MAX_MESSAGE_BYTES) {
            return frame;
        }
        return encode(
                request,
                answer,
                new Response.Failure(
                        ResponseCode.ERROR,
                        "the answer exceeds " + EnvelopeCodec.MAX_MESSAGE_BYTES + " octets; ask for some values only"));
    }

    private byte[] encode(RequestMessage request, AdminProtocol.Answer answer, Response response) {
        return encoder.encode(request, answer.opCode(), answer.sessionId(), response, answer.signer(), answer.sealer());
    }

    /** Refuses what could not be read so far that its operation is known. */
    byte[] refusal(Envelope envelope, ResponseCode code, String message) {
        return encoder.encodeRefusal(envelope, 0, code, message);
    }

    /** Whoever sent what may itself be an answer gets none, or two nodes could talk for ever. */
    Frames refusal(Envelope envelope, byte[] message, MalformedMessageException fault) {
        if (message.length < HeaderCodec.BYTES || fault.reason() == Reason.NOT_A_REQUEST) {
            return Frames.NONE;
        }
        ByteBuffer header = ByteBuffer.wrap(message);
        boolean readable =
                fault.reason() != Reason.ENCODING && envelope.version().major() == 2;
        if (readable && header.getInt(4) != 0) {
            return Frames.NONE;
        }
        int opCode = readable ? header.getInt(0) : 0;
        return Frames.of(List.of(
                encoder.encodeRefusal(envelope, opCode, fault.reason().code(), String.valueOf(fault.getMessage()))));
    }
}
