package io.waymark.platform.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Where a load takes its names from. One per thread, because choosing has state. */
abstract class Names {
    private final Chooser chooser;
    private final int maxBytes;

    Names(Chooser chooser, int maxBytes) {
        this.chooser = chooser;
        this.maxBytes = maxBytes;
    }

    /** Writes the next name. */
    final void putNext(ByteBuffer out) {
        put(chooser.next(), out);
    }

    /** No name is longer. */
    final int maxBytes() {
        return maxBytes;
    }

    /** Writes name number n. */
    abstract void put(long n, ByteBuffer out);

    /**
     * Names numbered by a pattern such as {@code 88.118.8/k%07d}.
     *
     * @param encode how the parts around the number are written on the wire (percent-encoded, for HTTP)
     */
    static Names numbered(NamePattern pattern, UnaryOperator<String> encode, Chooser chooser) {
        byte[] before = utf8(encode.apply(pattern.before()));
        byte[] after = utf8(encode.apply(pattern.after()));
        return new Names(chooser, before.length + 19 + after.length) {
            @Override
            void put(long n, ByteBuffer out) {
                out.put(before);
                putDecimal(n, pattern.width(), out);
                out.put(after);
            }
        };
    }

    /** Names as listed. */
    static Names listed(List<String> names, UnaryOperator<String> encode, Chooser chooser) {
        byte[][] encoded = names.stream().map(name -> utf8(encode.apply(name))).toArray(byte[][]::new);
        int longest = 0;
        for (byte[] name : encoded) {
            longest = Math.max(longest, name.length);
        }
        return new Names(chooser, longest) {
            @Override
            void put(long n, ByteBuffer out) {
                out.put(encoded[(int) n]);
            }
        };
    }

    /** One name per line; empty lines are skipped. */
    static List<String> readFile(Path file) throws IOException {
        List<String> names = Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .toList();
        if (names.isEmpty()) {
            throw new IOException(file + " holds no name");
        }
        return names;
    }

    private static void putDecimal(long n, int width, ByteBuffer out) {
        int digits = width;
        for (long rest = n, d = 1; d == 1 || rest > 0; rest /= 10, d++) {
            digits = Math.max(digits, (int) d);
        }
        int end = out.position() + digits;
        long rest = n;
        for (int i = end - 1; i >= out.position(); i--) {
            out.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        out.position(end);
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }
}
