package io.waymark.forward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Entries Kafka did not take, and what goes in their place until it is committed. Forwarder thread. */
final class Refused {
    private record Substitute(int attempt, ProducerRecord<byte[], byte[]> record) {}

    private final ForwardSource source;
    private final Map<Long, Substitute> substitutes = new HashMap<>();

    Refused(ForwardSource source) {
        this.source = source;
    }

    /** Kafka did not take this one; whether something else goes in its place from now on. */
    boolean replace(ForwardSource.Entry oversize, String detail) {
        Substitute before = substitutes.get(oversize.position());
        int attempt = before == null ? 1 : before.attempt + 1;
        ProducerRecord<byte[], byte[]> record = source.insteadOf(oversize, detail, attempt);
        if (record == null) {
            return false;
        }
        substitutes.put(oversize.position(), new Substitute(attempt, record));
        return true;
    }

    /** The entries as they go to Kafka. */
    List<ForwardSource.Entry> applyTo(List<ForwardSource.Entry> entries) {
        if (substitutes.isEmpty()) {
            return entries;
        }
        List<ForwardSource.Entry> sent = new ArrayList<>(entries);
        sent.replaceAll(this::substituted);
        return sent;
    }

    private ForwardSource.Entry substituted(ForwardSource.Entry entry) {
        Substitute substitute = substitutes.get(entry.position());
        return substitute == null
                ? entry
                : new ForwardSource.Entry(entry.position(), entry.sinceMillis(), entry.bytes(), substitute.record);
    }

    /** Everything up to here is committed; how many substitutes were among it. */
    int committed(long position) {
        int before = substitutes.size();
        substitutes.keySet().removeIf(refused -> refused <= position);
        return before - substitutes.size();
    }
}
