package io.waymark.platform.bulk;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.platform.bulk.CsvHead.Column;
import io.waymark.resolver.admin.Registration;
import io.waymark.resolver.admin.RegistrationRules;
import io.waymark.storage.bulk.Run;
import io.waymark.storage.bulk.RunBuilder;
import io.waymark.storage.bulk.StagedSegment;
import io.waymark.storage.bulk.TextPlace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns segments of the input into sorted runs of records, codes and refusals. One thread, reused. */
final class SegmentReader {
    private static final int REFUSALS_EXPECTED = 1 << 12;

    private final Path directory;
    private final RunBuilder records = new RunBuilder(SegmentCutter.BYTES);
    private final RunBuilder codes = new RunBuilder(1 << 16);
    private final RunBuilder refusals = new RunBuilder(REFUSALS_EXPECTED);
    private final RecordEncoder encoder;
    private final PlainJson plain;
    private final GeneralReader general;
    private final CsvCells cells = new CsvCells();
    private final Slice type = new Slice();
    private final Slice data = new Slice();
    private final int nowSeconds;

    SegmentReader(Path directory, RegistrationRules rules, int nowSeconds) {
        this.directory = directory;
        this.nowSeconds = nowSeconds;
        this.encoder = new RecordEncoder(records, codes, rules, nowSeconds);
        this.plain = new PlainJson(encoder);
        this.general = new GeneralReader(records, codes, refusals, rules, nowSeconds);
    }

    /** Reads a segment of NDJSON. */
    StagedSegment readJson(Segment segment, byte[] in) throws IOException {
        int lines = 0;
        for (int from = 0; from < segment.length(); lines++) {
            int end = endOfLine(in, from, segment.length());
            int length = end - from;
            if (!isBlank(in, from, end)) {
                TextPlace place = new TextPlace(segment.number(), lines, from, length);
                if (!plain.read(in, from, end, place)) {
                    general.read(in, from, end, place);
                }
            }
            from = end + 1;
        }
        return write(segment, lines);
    }

    private static int endOfLine(byte[] in, int from, int to) {
        int i = from;
        while (i < to && in[i] != '\n') {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] != ' ' && in[i] != '\t' && in[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Reads a segment of CSV; the first of a file begins with the head line. */
    StagedSegment readCsv(Segment segment, byte[] in, CsvHead head) throws IOException {
        int lines = 0;
        int from = 0;
        if (segment.offset() == 0) {
            from = cells.read(in, 0, segment.length());
            lines = cells.lines();
        }
        while (from < segment.length()) {
            int end = cells.read(in, from, segment.length());
            if (!cells.isBlank()) {
                csvRecord(new TextPlace(segment.number(), lines, from, end - from), head);
            }
            lines += cells.lines();
            from = end;
        }
        return write(segment, lines);
    }

    private void csvRecord(TextPlace place, CsvHead head) {
        if (cells.count() > head.columns().size() + 1) {
            general.refuse(
                    place,
                    "has " + cells.count() + " cells but the head line has "
                            + (head.columns().size() + 1));
        } else if (!Utf8.isValid(cells.octets(), cells.start(0), cells.end(cells.count() - 1))) {
            general.refuse(place, "is no UTF-8");
        } else if (!plainCsv(place, head)) {
            generalCsv(place, head);
        }
    }

    private boolean plainCsv(TextPlace place, CsvHead head) {
        if (!encoder.begin(cells.octets(), trimmedStart(), trimmedEnd(), place)) {
            return false;
        }
        for (int i = 1; i < cells.count(); i++) {
            data.set(cells.octets(), cells.start(i), cells.end(i));
            if (data.length() > 0) {
                Column column = head.columns().get(i - 1);
                type.set(column.typeOctets(), 0, column.typeOctets().length);
                if (!encoder.value(type, data, column.index(), TimeToLive.DAY.seconds(), Permissions.DEFAULT)) {
                    encoder.cancel();
                    return false;
                }
            }
        }
        return encoder.end();
    }

    private int trimmedStart() {
        int from = cells.start(0);
        while (from < cells.end(0) && cells.octets()[from] == ' ') {
            from++;
        }
        return from;
    }

    private int trimmedEnd() {
        int to = cells.end(0);
        while (to > cells.start(0) && cells.octets()[to - 1] == ' ') {
            to--;
        }
        return to;
    }

    private void generalCsv(TextPlace place, CsvHead head) {
        try {
            Handle handle = Handle.parse(text(0).trim());
            List<HandleValue> values = new ArrayList<>();
            for (int i = 1; i < cells.count(); i++) {
                if (cells.end(i) > cells.start(i)) {
                    Column column = head.columns().get(i - 1);
                    values.add(HandleValue.text(column.index(), column.type(), text(i), nowSeconds));
                }
            }
            general.take(new Registration(handle, values, false), false, place);
        } catch (MalformedIdentifierException e) {
            general.refuse(place, String.valueOf(e.getMessage()));
        }
    }

    private String text(int cell) {
        data.set(cells.octets(), cells.start(cell), cells.end(cell));
        return data.text();
    }

    private StagedSegment write(Segment segment, int lines) throws IOException {
        return new StagedSegment(
                segment.number(),
                lines,
                run(records, "records-" + segment.number()),
                run(codes, "codes-" + segment.number()),
                run(refusals, "refusals-" + segment.number()));
    }

    private Optional<Run> run(RunBuilder builder, String name) throws IOException {
        return builder.entries() == 0 ? Optional.empty() : Optional.of(builder.write(directory.resolve(name)));
    }
}
