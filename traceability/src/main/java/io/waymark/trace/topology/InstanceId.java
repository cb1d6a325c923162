package io.waymark.trace.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name under which this instance is a member of its consumer group, kept beside its state. After a crash the next start
 * is the same member and goes on at once, instead of waiting until the dead one's session has run out.
 */
final class InstanceId {
    private static final String FILE = "instance-id";
    private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}");

    private InstanceId() {}

    /**
     * The name; made at the first start.
     *
     * @throws UncheckedIOException if the directory cannot be written
     */
    static String in(Path stateDirectory) {
        Path file = stateDirectory.resolve(FILE);
        try {
            if (Files.exists(file)) {
                String known = Files.readString(file).trim();
                if (FORM.matcher(known).matches()) {
                    return known;
                }
            }
            return make(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "state directory " + stateDirectory + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String make(Path file) throws IOException {
        String id = UUID.randomUUID().toString();
        Files.createDirectories(file.getParent());
        Path draft = file.resolveSibling(FILE + ".new");
        Files.writeString(draft, id + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return id;
    }
}
