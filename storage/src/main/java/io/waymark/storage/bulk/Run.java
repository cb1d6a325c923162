package io.waymark.storage.bulk;

import java.nio.file.Path;

/**
 * A file of entries in ascending order of their keys' unsigned octets; entries of one key keep the order they were added.
 *
 * <pre>
 * each entry: u2 key length, u4 payload length, key, payload
 * </pre>
 *
 * @param file where
 * @param entries how many
 * @param bytes length of the file
 * @param crc CRC-32C of the file
 */
public record Run(Path file, long entries, long bytes, int crc) {
    static final int HEADER = 6;
}
