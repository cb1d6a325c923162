package io.waymark.platform.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says where the node answers: a JSON object, listener name → address, in {@code ready.json} of the data directory and
 * where {@code --ready-file} asks for it. It is there exactly while every listener answers.
 */
final class ReadyFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Path> files = new ArrayList<>();

    /** Forgets what a killed process may have left. */
    ReadyFile(Path dataDirectory, Optional<Path> asked) throws StartException {
        files.add(dataDirectory.resolve("ready.json"));
        asked.ifPresent(files::add);
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new StartException("the ready file " + file + " of an earlier run cannot be removed: " + e, e);
            }
        }
    }

    void write(Map<String, String> listeners) throws StartException {
        ObjectNode json = JSON.createObjectNode();
        listeners.forEach(json::put);
        for (Path file : files) {
            try {
                AtomicFile.write(file, json + "\n");
            } catch (IOException e) {
                throw new StartException("the ready file " + file + " cannot be written: " + e, e);
            }
        }
    }

    void remove() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
