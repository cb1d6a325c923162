package io.waymark.resolver.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.waymark.resolver.message.OpCode;
import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.ProtocolVersion;
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
 * Answers plain resolutions in place: no message objects, one copy from the store into the outgoing buffer. Possible
 * because a stored record ends in exactly the octets the answer's body ends in.
 *
 * <pre>
 * stored:   u1 version, u1 flags, u2 s, spelling (s octets), array(HandleValue)
 * answer:   envelope 20, header 24, i4 h, handle as asked (h octets), array(HandleValue), i4 0
 * in the buffer, the record is read to offset 44+h; then the values begin at 48+h+s and the answer at s:
 *           [ s unused | envelope | header | i4 h | handle | values | i4 0 ]
 * </pre>
 *
 * <p>{@link #answer} gives up, and the general path takes over, for whatever {@link #isPlain} does not let through and for
 * records that do not exist, hold a private value, or do not fit a message. Belongs to one event loop.
 */
public final class FastResolution {
    private static final int HEADER_START = EnvelopeCodec.BYTES;
    private static final int BODY_START = HEADER_START + HeaderCodec.BYTES;
    private static final int HANDLE_START = BODY_START + 4;
    private static final int MAX_HANDLE_BYTES = 2048;
    /** Index count, type count. */
    private static final int FILTER_BYTES = 8;

    private static final int CREDENTIAL_BYTES = 4;

    private static final int FIRST_ROOM_BYTES = 1024;

    private static final int NEEDS_GENERAL_PATH = OpFlags.CERTIFIED | OpFlags.ENCRYPT | OpFlags.REQUEST_DIGEST;

    private final RecordStore records;
    private final int siteSerial;
    private final Clock clock;
    private final @Nullable Lane counts;
    private final ByteBuffer key = ByteBuffer.allocateDirect(MAX_HANDLE_BYTES);

    /** The same, without counting. */
    public FastResolution(RecordStore records, int siteSerial, Clock clock) {
        this(records, siteSerial, clock, null);
    }

    /**
     * @param records read from the calling loop
     * @param siteSerial serial number of this node's site record
     * @param clock tells until when answers are valid
     * @param counts the calling loop's, told of every answer; null: nothing is counted
     */
    public FastResolution(RecordStore records, int siteSerial, Clock clock, @Nullable Lane counts) {
        this.counts = counts;
        this.records = records;
        this.siteSerial = siteSerial;
        this.clock = clock;
    }

    /**
     * Answers the request, or declines.
     *
     * @param in borrowed; its indexes stay
     * @param offset where the envelope begins
     * @param length octets of the request, envelope included
     * @return the answer, envelope first, to be released by the caller; null: the general path must answer
     */
    public @Nullable ByteBuf answer(ByteBuf in, int offset, int length, ByteBufAllocator allocator) {
        if (!isPlain(in, offset, length)) {
            return null;
        }
        int handleBytes = in.getInt(offset + BODY_START);
        foldKey(in, offset + HANDLE_START, handleBytes);
        if (key.get(0) == '0' && key.get(1) == '.') {
            return null; // prefix handles carry the node's own site
        }
        ByteBuf out = allocator.directBuffer(BODY_START + handleBytes + FIRST_ROOM_BYTES);
        boolean answered = false;
        try {
            int recordBytes = readRecord(out, BODY_START + handleBytes);
            answered = recordBytes > 0 && complete(in, offset, handleBytes, out, recordBytes);
        } catch (StorageException e) {
            return null; // the general path meets it again, and says so
        } finally {
            if (!answered) {
                out.release();
            }
        }
        if (answered && counts != null) {
            counts.count(key, Measure.FOUND);
        }
        return answered ? out : null;
    }

    /**
     * The guard: a single, whole, unencrypted message outside any session; a resolution that asks for no digest and no
     * signature, for all values; nothing odd in its lengths.
     */
    private static boolean isPlain(ByteBuf in, int offset, int length) {
        if (length < HANDLE_START + FILTER_BYTES
                || in.getByte(offset) != 2
                || in.getByte(offset + 1) < ProtocolVersion.OLDEST.minor()
                || (in.getByte(offset + EnvelopeCodec.FLAGS_OFFSET) & EnvelopeCodec.FLAGS_MASK) != 0
                || in.getInt(offset + EnvelopeCodec.SESSION_OFFSET) != 0
                || in.getInt(offset + EnvelopeCodec.LENGTH_OFFSET) != length - EnvelopeCodec.BYTES
                || in.getInt(offset + HEADER_START) != OpCode.RESOLUTION.code()
                || in.getInt(offset + HEADER_START + 4) != 0
                || (in.getInt(offset + HEADER_START + 8) & NEEDS_GENERAL_PATH) != 0) {
            return false;
        }
        int handleBytes = in.getInt(offset + BODY_START);
        return handleBytes >= 3
                && handleBytes <= MAX_HANDLE_BYTES
                && in.getInt(offset + BODY_START - 4) == 4 + handleBytes + FILTER_BYTES
                && length >= HANDLE_START + handleBytes + FILTER_BYTES
                && in.getLong(offset + HANDLE_START + handleBytes) == 0
                && answerMinor(in, offset) >= ProtocolVersion.OLDEST.minor();
    }

    /** The minor version to answer in; negative if the suggestion is odd. */
    private static int answerMinor(ByteBuf in, int offset) {
        int suggestedMajor = in.getByte(offset + EnvelopeCodec.FLAGS_OFFSET) & EnvelopeCodec.SUGGESTED_MAJOR_MASK;
        int minor = switch (suggestedMajor) {
            case 0 -> in.getByte(offset + 1) & 0xff;
            case 2 -> in.getByte(offset + EnvelopeCodec.SUGGESTED_MINOR_OFFSET) & 0xff;
            default -> -1;
        };
        return minor == 6 ? -1 : Math.min(minor, ProtocolVersion.NEWEST.minor());
    }

    private void foldKey(ByteBuf in, int from, int bytes) {
        key.clear().limit(bytes);
        in.getBytes(from, key);
        for (int i = 0; i < bytes; i++) {
            byte b = key.get(i);
            if (b >= 'a' && b <= 'z') {
                key.put(i, (byte) (b - 32));
            }
        }
        key.flip();
    }

    /** Reads the record to {@code at}, with room for the credential behind it; 0 if the general path must answer. */
    private int readRecord(ByteBuf out, int at) {
        int room = out.capacity() - at - CREDENTIAL_BYTES;
        int bytes = records.read(key, out.internalNioBuffer(at, room));
        if (bytes > room && bytes <= EnvelopeCodec.MAX_MESSAGE_BYTES) {
            out.capacity(at + bytes + CREDENTIAL_BYTES);
            room = bytes;
            bytes = records.read(key, out.internalNioBuffer(at, room));
        }
        return bytes > room ? 0 : bytes;
    }

    private boolean complete(ByteBuf in, int offset, int handleBytes, ByteBuf out, int recordBytes) {
        int record = BODY_START + handleBytes;
        if (recordBytes < StoredRecord.SPELLING_OFFSET
                || out.getByte(record + StoredRecord.VERSION_OFFSET) != StoredRecord.VERSION
                || (out.getByte(record + StoredRecord.FLAGS_OFFSET) & StoredRecord.ALL_PUBLIC) == 0) {
            return false;
        }
        int spelling = out.getUnsignedShort(record + StoredRecord.SPELLING_LENGTH_OFFSET);
        int bodyBytes = 4 + handleBytes + recordBytes - StoredRecord.SPELLING_OFFSET - spelling;
        int messageBytes = HeaderCodec.BYTES + bodyBytes + CREDENTIAL_BYTES;
        if (messageBytes > EnvelopeCodec.MAX_MESSAGE_BYTES) {
            return false;
        }
        int start = spelling;
        writeEnvelope(in, offset, out, start, messageBytes);
        writeHeader(in, offset, out, start + HEADER_START, bodyBytes);
        out.setInt(start + BODY_START, handleBytes);
        out.setBytes(start + HANDLE_START, in, offset + HANDLE_START, handleBytes);
        int end = start + EnvelopeCodec.BYTES + messageBytes;
        out.setInt(end - CREDENTIAL_BYTES, 0);
        out.setIndex(start, end);
        return true;
    }

    private static void writeEnvelope(ByteBuf in, int offset, ByteBuf out, int at, int messageBytes) {
        out.setByte(at, ProtocolVersion.NEWEST.major());
        out.setByte(at + 1, answerMinor(in, offset));
        out.setByte(at + EnvelopeCodec.FLAGS_OFFSET, ProtocolVersion.NEWEST.major());
        out.setByte(at + EnvelopeCodec.SUGGESTED_MINOR_OFFSET, ProtocolVersion.NEWEST.minor());
        out.setInt(at + EnvelopeCodec.SESSION_OFFSET, 0);
        out.setInt(at + EnvelopeCodec.REQUEST_ID_OFFSET, in.getInt(offset + EnvelopeCodec.REQUEST_ID_OFFSET));
        out.setInt(at + EnvelopeCodec.SEQUENCE_OFFSET, 0);
        out.setInt(at + EnvelopeCodec.LENGTH_OFFSET, messageBytes);
    }

    private void writeHeader(ByteBuf in, int offset, ByteBuf out, int at, int bodyBytes) {
        int flags = (in.getInt(offset + HEADER_START + 8) & OpFlags.ECHOED) | OpFlags.AUTHORITATIVE;
        out.setInt(at, OpCode.RESOLUTION.code());
        out.setInt(at + 4, ResponseCode.SUCCESS.code());
        out.setInt(at + 8, flags);
        out.setShort(at + 12, siteSerial);
        out.setShort(at + 14, 0);
        out.setInt(at + 16, (int) (clock.millis() / 1000) + HeaderCodec.LIFE_SECONDS);
        out.setInt(at + 20, bodyBytes);
    }
}
