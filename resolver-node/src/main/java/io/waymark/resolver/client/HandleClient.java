package io.waymark.resolver.client;

import io.waymark.identifier.handle.HandleValue;
import io.waymark.resolver.message.Envelope;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import io.waymark.resolver.wire.ClientCodec;
import io.waymark.resolver.wire.EnvelopeCodec;
import io.waymark.resolver.wire.MalformedMessageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Resolves handles at a given server over UDP, TCP or the HTTP tunnel. Blocking, one exchange per call, no cache, no
 * referrals followed; safe for any thread.
 */
public final class HandleClient {
    /**
     * What a server answered.
     *
     * @param roundTrip from sending the request (for UDP: the last sending) to having the whole answer
     * @param codeNumber the response code as sent
     * @param handle the handle as the server spelled it; empty in a failure
     * @param values empty in a failure
     * @param opFlags bits of {@link OpFlags}
     * @param message the server's words in a failure; may be empty
     * @param bytes octets of the answer, envelope included
     * @param attempts datagrams it took; 1 on streams
     */
    public record Response(
            Duration roundTrip,
            int codeNumber,
            String handle,
            List<HandleValue> values,
            int opFlags,
            String message,
            int bytes,
            int attempts) {
        /** Copies the list. */
        public Response {
            values = List.copyOf(values);
        }

        /** The response code; empty if the protocol knows none with this number. */
        public Optional<ResponseCode> code() {
            return ResponseCode.of(codeNumber);
        }

        /** Whether values were found. */
        public boolean found() {
            return codeNumber == ResponseCode.SUCCESS.code();
        }

        /** Whether a primary answered. */
        public boolean authoritative() {
            return OpFlags.has(opFlags, OpFlags.AUTHORITATIVE);
        }
    }

    private static final int LIFE_SECONDS = 43_200;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    /** A client on the system's clock. */
    public HandleClient() {
        this(Clock.systemUTC());
    }

    /**
     * @param clock gives requests their expiration
     */
    public HandleClient(Clock clock) {
        this.clock = clock;
    }

    /**
     * Resolves a handle.
     *
     * @param transport how to ask; over UDP the request is sent again after 500, 1000 and 1500 ms
     * @param server whom to ask
     * @param handle the name
     * @param types wanted types; with no indexes and no types everything is wanted
     * @param indexes wanted indexes
     * @param timeout for the whole call
     * @throws SocketTimeoutException if no answer came in time
     * @throws IOException if the network fails or what came is no answer; the message says what
     */
    public Response resolve(
            Transport transport,
            InetSocketAddress server,
            String handle,
            List<String> types,
            int[] indexes,
            Duration timeout)
            throws IOException {
        int requestId = random.nextInt(1, Integer.MAX_VALUE);
        int expires = (int) (clock.millis() / 1000) + LIFE_SECONDS;
        byte[] request = ClientCodec.resolution(requestId, OpFlags.DEFAULT_REQUEST, expires, handle, types, indexes);
        Exchange.Result result = switch (transport) {
            case UDP -> UdpExchange.run(server, request, requestId, timeout);
            case TCP -> TcpExchange.run(server, request, timeout);
            case HTTP -> HttpExchange.run(server, request, timeout);
        };
        return read(result, requestId);
    }

    private static Response read(Exchange.Result result, int requestId) throws IOException {
        try {
            ClientCodec.Answer answer = ClientCodec.decode(result.frame());
            Envelope envelope = answer.envelope();
            if (envelope.requestId() != requestId) {
                throw new IOException("answer is to request " + envelope.requestId() + ", asked was " + requestId);
            }
            return new Response(
                    result.roundTrip(),
                    answer.header().responseCode(),
                    answer.handle(),
                    answer.values(),
                    answer.header().opFlags(),
                    answer.message(),
                    EnvelopeCodec.BYTES + envelope.messageLength(),
                    result.attempts());
        } catch (MalformedMessageException e) {
            throw new IOException("answer cannot be read: " + e.getMessage(), e);
        }
    }
}
