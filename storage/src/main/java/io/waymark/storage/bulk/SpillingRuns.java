package io.waymark.storage.bulk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Entries in any number and order, in bounded memory: what is too much goes to a run. One thread. */
final class SpillingRuns {
    private static final int BYTES_MAX = 16 << 20;

    private final Path directory;
    private final String name;
    private final RunBuilder builder = new RunBuilder(1 << 12);
    private final List<Run> runs = new ArrayList<>();

    SpillingRuns(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** For the next entry. */
    RunBuilder builder() throws IOException {
        if (builder.bytes() > BYTES_MAX) {
            spill();
        }
        return builder;
    }

    /** All entries so far, sorted run by run. */
    List<Run> runs() throws IOException {
        if (builder.entries() > 0) {
            spill();
        }
        return List.copyOf(runs);
    }

    private void spill() throws IOException {
        runs.add(builder.write(directory.resolve(name + "-" + runs.size())));
    }
}
