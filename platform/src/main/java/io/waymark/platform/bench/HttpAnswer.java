package io.waymark.platform.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Cuts HTTP/1.1 answers from a stream, with Content-Length or chunked, and knows the status of the last one. */
final class HttpAnswer {
    private static final int STATUS_AT = 9;
    private static final int HEAD_MIN = 12;
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
    private static final byte[] END_OF_LINE = ascii("\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("\r\ncontent-length:");
    private static final byte[] CHUNKED = ascii("\r\ntransfer-encoding: chunked");

    private int status;

    int status() {
        return status;
    }

    /** Moves the position behind one whole answer and returns its octets; 0 and no move if it is not all there. */
    int cut(ByteBuffer in) throws IOException {
        int start = in.position();
        int headEnd = indexOf(in, start, in.limit(), END_OF_HEAD);
        if (headEnd < 0) {
            return 0;
        }
        if (headEnd - start < HEAD_MIN || in.get(start) != 'H') {
            throw new IOException("the server does not answer in HTTP/1.1");
        }
        int body = headEnd + END_OF_HEAD.length;
        int end = indexOf(in, start, headEnd, CHUNKED) >= 0
                ? chunksEnd(in, body)
                : body + contentLength(in, start, headEnd);
        if (end < 0 || end > in.limit()) {
            return 0;
        }
        status = digits(in, start + STATUS_AT, start + HEAD_MIN);
        in.position(end);
        return end - start;
    }

    private static int contentLength(ByteBuffer in, int start, int headEnd) throws IOException {
        int at = indexOf(in, start, headEnd, CONTENT_LENGTH);
        if (at < 0) {
            throw new IOException("an answer has neither Content-Length nor chunks");
        }
        int from = at + CONTENT_LENGTH.length;
        while (in.get(from) == ' ') {
            from++;
        }
        int to = from;
        while (in.get(to) >= '0' && in.get(to) <= '9') {
            to++;
        }
        return digits(in, from, to);
    }

    /** Where the last chunk ends, or -1 if it is not there yet; trailers are not expected. */
    private static int chunksEnd(ByteBuffer in, int body) throws IOException {
        int at = body;
        while (true) {
            int lineEnd = indexOf(in, at, in.limit(), END_OF_LINE);
            if (lineEnd < 0) {
                return -1;
            }
            int size = hex(in, at, lineEnd);
            at = lineEnd + END_OF_LINE.length + size + END_OF_LINE.length;
            if (at > in.limit()) {
                return -1;
            }
            if (size == 0) {
                return at;
            }
        }
    }

    private static int digits(ByteBuffer in, int from, int to) throws IOException {
        if (to <= from || to - from > 9) {
            throw new IOException("a number in an answer's head has " + (to - from) + " digits");
        }
        int n = 0;
        for (int i = from; i < to; i++) {
            n = 10 * n + (in.get(i) - '0');
        }
        return n;
    }

    private static int hex(ByteBuffer in, int from, int to) throws IOException {
        int n = 0;
        for (int i = from; i < to && in.get(i) != ';'; i++) {
            int digit = Character.digit(in.get(i), 16);
            if (digit < 0 || i - from > 6) {
                throw new IOException("a chunk size in an answer is not a number");
            }
            n = n << 4 | digit;
        }
        return n;
    }

    /** First place of the (lower-case) needle, letters of the haystack compared without case; -1 if absent. */
    private static int indexOf(ByteBuffer in, int from, int to, byte[] needle) {
        for (int i = from; i <= to - needle.length; i++) {
            int k = 0;
            while (k < needle.length && lower(in.get(i + k)) == needle[k]) {
                k++;
            }
            if (k == needle.length) {
                return i;
            }
        }
        return -1;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
