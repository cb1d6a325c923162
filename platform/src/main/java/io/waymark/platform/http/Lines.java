package io.waymark.platform.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of a stream, each bounded in length. One thread; the caller closes the stream. */
final class Lines {
    /**
     * One line.
     *
     * @param number from 1
     * @param octets without the line end
     */
    record Line(long number, byte[] octets) {
        boolean isBlank() {
            for (byte octet : octets) {
                if (octet != ' ' && octet != '\t' && octet != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    private final InputStream in;
    private final int bytesMax;
    private long number;

    Lines(InputStream in, int bytesMax) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.bytesMax = bytesMax;
    }

    /** The next line, or null behind the last. */
    @Nullable
    Line next() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (; octet >= 0 && octet != '\n'; octet = in.read()) {
            if (line.size() == bytesMax) {
                throw ApiException.badRequest(
                        "line_too_long", "line " + number + " must be at most " + bytesMax + " bytes");
            }
            line.write(octet);
        }
        return new Line(number, line.toByteArray());
    }
}
