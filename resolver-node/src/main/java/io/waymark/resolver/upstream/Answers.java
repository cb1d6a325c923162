package io.waymark.resolver.upstream;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.resolver.admin.ServerKey;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.upstream.Reply.Answered;
import io.waymark.resolver.upstream.Reply.Reason;
import io.waymark.resolver.upstream.Reply.Unanswered;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.HeaderCodec;
import io.waymark.resolver.wire.MalformedMessageException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What another node's octets mean. Pure. */
final class Answers {
    private static final long LIFE_SECONDS_MAX = 2L * 86_400;

    private Answers() {}

    /**
     * Reads an answer.
     *
     * @param frame envelope first
     * @param request what was asked, envelope first; it asked for its digest
     * @param key what the answer must be signed with
     */
    static Reply read(
            byte[] frame,
            byte[] request,
            int requestId,
            Optional<ServerKey> key,
            Handle asked,
            long negativeSeconds,
            long nowSeconds) {
        try {
            ClientCodec.Answer answer = ClientCodec.decode(frame);
            boolean ours = answer.envelope().requestId() == requestId
                    && answer.header().opCode() == OpCode.RESOLUTION.code()
                    && ClientCodec.hasDigestOf(frame, request);
            if (!ours) {
                return new Unanswered(Reason.MALFORMED);
            }
            return key.map(k -> isSigned(k, answer, frame)).orElse(true)
                    ? meaning(answer, asked, negativeSeconds, nowSeconds)
                    : new Unanswered(Reason.UNSIGNED);
        } catch (MalformedMessageException e) {
            return new Unanswered(Reason.MALFORMED);
        }
    }

    /** The digest of the request in the answer keeps what was signed for an earlier question from counting for this one. */
    private static boolean isSigned(ServerKey key, ClientCodec.Answer answer, byte[] frame) {
        byte[] headerAndBody = Arrays.copyOfRange(
                frame,
                EnvelopeCodec.BYTES,
                EnvelopeCodec.BYTES + HeaderCodec.BYTES + answer.header().bodyLength());
        return answer.credential()
                .map(credential -> key.vouchesFor(answer.envelope(), headerAndBody, credential))
                .orElse(false);
    }

    private static Reply meaning(ClientCodec.Answer answer, Handle asked, long negativeSeconds, long nowSeconds) {
        Optional<ResponseCode> code = ResponseCode.of(answer.header().responseCode());
        if (code.isEmpty()) {
            return new Unanswered(Reason.MALFORMED);
        }
        return switch (code.get()) {
            case SUCCESS ->
                Handle.foldAscii(answer.handle()).equals(asked.canonical())
                        ? values(answer, asked, nowSeconds)
                        : new Unanswered(Reason.MALFORMED);
            case HANDLE_NOT_FOUND, VALUES_NOT_FOUND ->
                new Answered(new Response.Failure(code.get(), "", false), negativeSeconds);
            case SERVICE_REFERRAL, PREFIX_REFERRAL ->
                new Answered(new Response.Referral(code.get(), answer.handle(), answer.values()), 0);
            default -> new Answered(new Response.Failure(passedOn(code.get()), answer.message(), false), 0);
        };
    }

    /** What the other node wants of this one to prove is nothing the asker could answer. */
    private static ResponseCode passedOn(ResponseCode code) {
        return code.code() >= ResponseCode.INVALID_ADMIN.code() ? ResponseCode.ERROR : code;
    }

    private static Reply values(ClientCodec.Answer answer, Handle asked, long nowSeconds) {
        List<HandleValue> values =
                answer.values().stream().filter(HandleValue::isPublic).toList();
        long life =
                values.stream().mapToLong(v -> life(v.ttl(), nowSeconds)).min().orElse(0);
        return new Answered(
                new Response.Values(asked.text(), values, false), Math.max(0, Math.min(life, LIFE_SECONDS_MAX)));
    }

    private static long life(TimeToLive ttl, long nowSeconds) {
        return ttl.absolute() ? ttl.seconds() - nowSeconds : ttl.seconds();
    }
}
