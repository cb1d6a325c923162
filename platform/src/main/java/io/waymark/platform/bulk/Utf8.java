package io.waymark.platform.bulk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether octets are UTF-8, quickly where they are ASCII. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] < 0) {
                String text = new String(in, i, to - i, StandardCharsets.UTF_8);
                return text.indexOf('\uFFFD') < 0
                        || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(in, i, to));
            }
        }
        return true;
    }
}
