package io.waymark.platform.bulk;

/**
 * A part of an input file that begins and ends with whole records.
 *
 * @param number from 0, in the order of the input
 * @param file which file, from 0
 * @param offset first octet in the file
 * @param length octets
 */
record Segment(int number, int file, long offset, int length) {
    long end() {
        return offset + length;
    }
}
