package io.waymark.trace.topology;

import io.waymark.trace.reading.Decoding;
import io.waymark.trace.reading.Reason;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/** Makes records of the rejected topic: the original key, value and headers, and the reason. */
final class Rejections {
    private static final int DETAIL_MAX = 1_000;

    private Rejections() {}

    static Record<byte[], Outgoing> of(Record<byte[], byte[]> original, List<Decoding.Problem> problems, String topic) {
        Decoding.Problem first = problems.get(0);
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more problems)";
        String detail = cut(first.detail()) + more;
        Headers headers =
                WaymarkHeaders.refused(original.headers(), first.reason().word(), detail);
        return new Record<>(original.key(), new Outgoing(topic, original.value()), original.timestamp(), headers);
    }

    static Record<byte[], Outgoing> foreign(Record<byte[], byte[]> original, String detail, String topic) {
        return of(original, List.of(new Decoding.Problem(Reason.FOREIGN_RECORD, detail)), topic);
    }

    private static String cut(String detail) {
        return detail.length() <= DETAIL_MAX ? detail : detail.substring(0, DETAIL_MAX) + "…";
    }
}
