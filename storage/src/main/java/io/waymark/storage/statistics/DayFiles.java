package io.waymark.storage.statistics;

import io.waymark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One file per day in a directory, {@code 2026-11-22.tsv}. A file is replaced as a whole, so a reader, also one after a
 * crash, sees all of one writing or all of the one before. All methods throw {@link StorageException} when the disk fails.
 */
public final class DayFiles {
    private static final String ENDING = ".tsv";

    private final Path directory;

    /**
     * @param directory created if absent
     */
    public DayFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw failed("create", directory, e);
        }
    }

    /** What was counted on a day; empty if nothing was written. Throws if the file is damaged, naming it. */
    public Optional<DayCounts> read(LocalDate day) {
        Path file = file(day);
        try {
            return Optional.of(DayCountsCodec.decode(Files.readAllBytes(file), file.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    /** Puts a day's counts on the disk in place of those written before; durable when it returns. */
    public void write(DayCounts counts) {
        Path file = file(counts.day());
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer octets = ByteBuffer.wrap(DayCountsCodec.encode(counts));
                while (octets.hasRemaining()) {
                    out.write(octets);
                }
                out.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    /** Puts a file that cannot be read out of the way, so that counting goes on; returns where it is now. */
    public Path setAside(LocalDate day) {
        Path file = file(day);
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("set aside", file, e);
        }
    }

    /** The days there are files of, oldest first. */
    public List<LocalDate> days() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.flatMap(f -> day(f).stream()).sorted().toList();
        } catch (IOException e) {
            throw failed("list", directory, e);
        }
    }

    /** Deletes the files of days before this one. */
    public void deleteBefore(LocalDate first) {
        for (LocalDate day : days()) {
            if (day.isBefore(first)) {
                try {
                    Files.deleteIfExists(file(day));
                } catch (IOException e) {
                    throw failed("delete", file(day), e);
                }
            }
        }
    }

    private Path file(LocalDate day) {
        return directory.resolve(day + ENDING);
    }

    private static Optional<LocalDate> day(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(ENDING)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(name.substring(0, name.length() - ENDING.length())));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // somebody else's file
        }
    }

    private static StorageException failed(String what, Path path, IOException e) {
        return new StorageException("cannot " + what + ' ' + path + ": " + e.getMessage(), e);
    }
}
