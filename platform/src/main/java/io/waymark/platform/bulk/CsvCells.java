package io.waymark.platform.bulk;

import io.waymark.storage.bulk.Octets;

/**
 * One record of a CSV file (RFC 4180, comma): its cells as octets. A quoted cell may hold commas, line ends and doubled
 * quotation marks; a quotation mark inside a cell that does not begin with one is itself. One thread, reused from record to
 * record.
 */
final class CsvCells {
    private static final int CELLS_MAX = 4096;

    private final Octets text = new Octets(1 << 12);
    private final int[] starts = new int[CELLS_MAX + 1];
    private int count;
    private int lines;

    /**
     * Reads the record that begins at an octet.
     *
     * @return the octet behind its line end
     */
    int read(byte[] in, int from, int to) {
        text.truncate(0);
        count = 0;
        lines = 0;
        begin();
        boolean quoted = false;
        boolean atStart = true;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (quoted) {
                if (c == '"' && i + 1 < to && in[i + 1] == '"') {
                    text.putByte(in[i++]);
                } else if (c == '"') {
                    quoted = false;
                    atStart = false;
                } else {
                    lines += c == '\n' ? 1 : 0;
                    text.putByte(c);
                }
            } else if (c == '"' && atStart) {
                quoted = true;
            } else if (c == ',') {
                begin();
                atStart = true;
            } else if (c == '\n') {
                lines++;
                end();
                return i + 1;
            } else if (c != '\r') {
                text.putByte(c);
                atStart = false;
            }
        }
        lines++;
        end();
        return to;
    }

    private void begin() {
        if (count < CELLS_MAX) {
            starts[count++] = text.size();
        }
    }

    private void end() {
        starts[count] = text.size();
    }

    /** How many cells. */
    int count() {
        return count;
    }

    /** How many lines of the file. */
    int lines() {
        return lines;
    }

    /** Holds the cells. */
    byte[] octets() {
        return text.array();
    }

    int start(int cell) {
        return starts[cell];
    }

    int end(int cell) {
        return starts[cell + 1];
    }

    /** Whether the record is an empty line. */
    boolean isBlank() {
        if (count != 1) {
            return false;
        }
        for (int i = 0; i < text.size(); i++) {
            if (text.array()[i] != ' ' && text.array()[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** The octet behind the last whole record, 0 if there is none. */
    static int endOfLastRecord(byte[] in, int length) {
        boolean quoted = false;
        boolean atStart = true;
        int end = 0;
        for (int i = 0; i < length; i++) {
            byte c = in[i];
            if (quoted) {
                if (c == '"' && i + 1 < length && in[i + 1] == '"') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                    atStart = false;
                }
            } else if (c == '"' && atStart) {
                quoted = true;
            } else if (c == '\n') {
                end = i + 1;
                atStart = true;
            } else {
                atStart = c == ',' || (atStart && c == '\r');
            }
        }
        return end;
    }
}
