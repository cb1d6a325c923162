package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.statistics.Lane;
import io.waymark.resolver.statistics.Measure;
import io.waymark.storage.StorageException;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Answers resolutions in place: no message objects, one copy from the store into the outgoing buffer. Possible because a
 * stored record ends in exactly the octets the answer's body ends in.
 *
 * <pre>
 * record, as read:  u1 version, u1 flags, u2 0, array(HandleValue)
 * answer:           envelope 20, header 24, i4 h, handle as asked (h octets), array(HandleValue), i4 0
 * in the buffer the record is read to offset 44+h; its first four octets then make room for the handle's last ones
 * </pre>
 *
 * <p>Requests come in batches, because look-ups wait for memory and many can wait together: {@link #hold} each, {@link
 * #fetch} once, {@link #answer} each, {@link #release}. Private values are left out, filters applied, names that do not
 * exist denied where {@link LocalPrefixes} allows it. What {@link PlainRequest} does not let through, prefix handles,
 * damaged records and records that memory does not hold are answered {@link #ELSEWHERE}. Belongs to one thread.
 */
public final class FastResolution {
    /** Most requests held at once. */
    public static final int BATCH_MAX = 64;
    /** Answer of {@link #answer}: not here. */
    public static final int ELSEWHERE = -1;
    /** Answer of {@link #answer}: not in this buffer, perhaps in a larger one. */
    public static final int NO_ROOM = -2;

    private static final int CREDENTIAL_BYTES = 4;

    private final RecordStore records;
    private final RecordReader reader;
    private final LocalPrefixes prefixes;
    private final BriefAnswer brief;
    private final @Nullable Lane counts;
    private final ValueSieve sieve = new ValueSieve();

    // valid for one batch
    private final PlainRequest[] requests = new PlainRequest[BATCH_MAX];
    private final long[] hashes = new long[BATCH_MAX];
    private final int[] keyStarts = new int[BATCH_MAX];
    private final ByteBuffer keys = ByteBuffer.allocateDirect(BATCH_MAX * PlainRequest.HANDLE_BYTES_MAX);
    private int held;
    private int plain;
    private int keysEnd;
    private int expires;
    /** What {@link RecordStore#prefetch} wants to be kept. */
    @SuppressWarnings("UnusedVariable")
    private long touched;

    // valid for one request
    private ResponseCode code = ResponseCode.SUCCESS;

    /**
     * @param records read from the calling thread
     * @param reader how far for
     * @param siteSerial serial number of this node's site record
     * @param clock tells until when answers are valid
     * @param counts the calling thread's, told of every answer; null: nothing is counted
     */
    public FastResolution(
            RecordStore records, RecordReader reader, int siteSerial, Clock clock, @Nullable Lane counts) {
        this.counts = counts;
        this.records = records;
        this.reader = reader;
        this.prefixes = new LocalPrefixes(records, reader);
        this.brief = new BriefAnswer(siteSerial, clock);
        for (int i = 0; i < BATCH_MAX; i++) {
            requests[i] = new PlainRequest();
        }
    }

    /**
     * Takes one more request into the batch, of which there may be {@value #BATCH_MAX}.
     *
     * @param in borrowed until {@link #release}; its indexes stay
     * @param offset where the envelope begins
     * @param length octets of the request, envelope included
     */
    public void hold(ByteBuf in, int offset, int length) {
        PlainRequest request = requests[held];
        if (request.read(in, offset, length)) {
            foldKey(request);
        }
        held++;
    }

    /** How many requests the batch has. */
    public int held() {
        return held;
    }

    private void foldKey(PlainRequest request) {
        int bytes = request.handleBytes();
        keyStarts[held] = keysEnd;
        key(keysEnd, bytes);
        request.in().getBytes(request.handleAt(), keys);
        AsciiFold.fold(keys, keysEnd, keysEnd + bytes);
        keys.position(keysEnd);
        hashes[held] = records.hash(keys);
        keysEnd += bytes;
        plain++;
    }

    private ByteBuffer key(int from, int bytes) {
        return keys.limit(from + bytes).position(from);
    }

    /** After the last {@link #hold}, before the first {@link #answer}. */
    public void fetch() {
        expires = brief.expires();
        if (plain > 1) {
            touched += records.prefetch(hashes, held);
        }
    }

    /**
     * Answers one request of the batch.
     *
     * @param n its number, from 0
     * @param out direct; the answer is written from its position on, which moves behind it. What follows may be overwritten
     *     in any case
     * @return octets of the answer, envelope included, and {@link #code} says which; {@link #ELSEWHERE} or {@link #NO_ROOM}
     */
    public int answer(int n, ByteBuffer out) {
        PlainRequest request = requests[n];
        if (!request.isPlain()) {
            return ELSEWHERE;
        }
        ByteBuffer key = key(keyStarts[n], request.handleBytes());
        if (isPrefixHandle(key)) {
            return ELSEWHERE; // carries the node's own site
        }
        int start = out.position();
        int limit = out.limit();
        int at = start + PlainRequest.BODY_AT + request.handleBytes();
        if (at + BriefAnswer.BYTES > limit) {
            return NO_ROOM;
        }
        try {
            int bytes = reader.read(
                    records, hashes[n], key, out.limit(limit - CREDENTIAL_BYTES).position(at));
            out.limit(limit).position(start);
            return counted(
                    key, bytes == RecordStore.NOT_FOUND ? deny(request, key, out) : found(request, out, at, bytes));
        } catch (StorageException e) {
            out.limit(limit).position(start);
            return ELSEWHERE; // the general path meets it again, and says so
        }
    }

    private int counted(ByteBuffer key, int bytes) {
        if (counts != null && bytes > 0) {
            counts.count(key, code == ResponseCode.SUCCESS ? Measure.FOUND : Measure.NOT_FOUND);
        }
        return bytes;
    }

    /** A batch of one. */
    public int answerOne(ByteBuf in, int offset, int length, ByteBuffer out) {
        try {
            hold(in, offset, length);
            fetch();
            return answer(0, out);
        } finally {
            release();
        }
    }

    /** The code of the answer just given. */
    public ResponseCode code() {
        return code;
    }

    /** Ends the batch: the buffers of its requests are the caller's again. */
    public void release() {
        for (int i = 0; i < held; i++) {
            requests[i].forget();
        }
        held = 0;
        plain = 0;
        keysEnd = 0;
    }

    private static boolean isPrefixHandle(ByteBuffer key) {
        int at = key.position();
        return key.get(at) == '0' && key.get(at + 1) == '.';
    }

    private int deny(PlainRequest request, ByteBuffer key, ByteBuffer out) {
        return prefixes.mayDeny(key) ? codeOnly(request, out, ResponseCode.HANDLE_NOT_FOUND) : ELSEWHERE;
    }

    private int codeOnly(PlainRequest request, ByteBuffer out, ResponseCode reason) {
        code = reason;
        brief.write(request, out, out.position(), reason, expires);
        return BriefAnswer.BYTES;
    }

    private int found(PlainRequest request, ByteBuffer out, int at, int bytes) {
        if (bytes < 0) {
            return ELSEWHERE;
        }
        if (bytes > out.limit() - CREDENTIAL_BYTES - at) {
            return NO_ROOM;
        }
        int listAt = at + StoredRecord.SPELLING_OFFSET;
        if (bytes < StoredRecord.SPELLING_OFFSET + 4
                || StoredRecord.version(out, at) != StoredRecord.VERSION
                || StoredRecord.spellingLength(out, at) != 0) {
            return ELSEWHERE;
        }
        int end = request.wantsAll() && StoredRecord.allPublic(out, at)
                ? at + bytes
                : sieve.sift(request, out, listAt, at + bytes);
        if (end < 0) {
            return ELSEWHERE;
        }
        return out.getInt(listAt) == 0
                ? codeOnly(request, out, ResponseCode.VALUES_NOT_FOUND)
                : complete(request, out, end);
    }

    private int complete(PlainRequest request, ByteBuffer out, int end) {
        int start = out.position();
        int bodyBytes = end - start - PlainRequest.BODY_AT;
        if (HeaderCodec.BYTES + bodyBytes + CREDENTIAL_BYTES > EnvelopeCodec.MAX_MESSAGE_BYTES) {
            return ELSEWHERE;
        }
        code = ResponseCode.SUCCESS;
        brief.begin(request, out, start, bodyBytes, expires);
        out.putInt(start + PlainRequest.BODY_AT, request.handleBytes());
        int limit = out.limit();
        out.limit(start + PlainRequest.HANDLE_AT + request.handleBytes()).position(start + PlainRequest.HANDLE_AT);
        request.in().getBytes(request.handleAt(), out);
        out.limit(limit).position(end + CREDENTIAL_BYTES);
        out.putInt(end, 0);
        return end + CREDENTIAL_BYTES - start;
    }
}
