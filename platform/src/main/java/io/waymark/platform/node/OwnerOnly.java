package io.waymark.platform.node;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that nobody but their owner may read; plain ones where the file system knows no owners. */
final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** Creates the directory if absent; an existing one keeps its permissions. */
    static void directory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectories(path, attributes(DIRECTORY));
    }

    /** Creates the file, which must not exist. */
    static void create(Path path) throws IOException {
        Files.createFile(path, attributes(FILE));
    }

    /** Whether anybody but the owner may read the file. */
    static boolean isOpenToOthers(Path path) throws IOException {
        return isPosix()
                && Files.getPosixFilePermissions(path).stream()
                        .anyMatch(p -> p != PosixFilePermission.OWNER_READ
                                && p != PosixFilePermission.OWNER_WRITE
                                && p != PosixFilePermission.OWNER_EXECUTE);
    }

    /** Takes the file from everybody but its owner. */
    static void restrict(Path path) throws IOException {
        Files.setPosixFilePermissions(path, FILE);
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
