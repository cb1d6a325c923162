package io.waymark.resolver.http;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.util.Map;
import java.util.Optional;

/** A QR code as an SVG drawing: one path, no script, nothing to load. */
final class QrCode {
    private static final int MAX_TEXT = 500;

    private QrCode() {}

    /** The drawing; empty if the text is too long to be scanned from a screen. */
    static Optional<String> svg(String text) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            BitMatrix dots =
                    new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, Map.of(EncodeHintType.MARGIN, 2));
            return Optional.of(
                    "<svg role=img aria-label=\"QR\" viewBox=\"0 0 " + dots.getWidth() + ' ' + dots.getHeight()
                            + "\" shape-rendering=crispEdges><path fill=\"#000\" d=\"" + path(dots) + "\"/></svg>");
        } catch (WriterException e) {
            return Optional.empty();
        }
    }

    /** A stroke for each run of dark dots in a row. */
    private static String path(BitMatrix dots) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < dots.getHeight(); y++) {
            for (int x = 0; x < dots.getWidth(); x++) {
                int from = x;
                while (x < dots.getWidth() && dots.get(x, y)) {
                    x++;
                }
                if (x > from) {
                    path.append('M')
                            .append(from)
                            .append(' ')
                            .append(y)
                            .append('h')
                            .append(x - from);
                    path.append("v1h-").append(x - from).append('z');
                }
            }
        }
        return path.toString();
    }
}
