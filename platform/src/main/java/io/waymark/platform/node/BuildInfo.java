package io.waymark.platform.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What was built; written by the build beside this class. */
public final class BuildInfo {
    private static final Properties BUILD = load();

    private BuildInfo() {}

    /** The version of Waymark, such as {@code 0.1.0}. */
    public static String version() {
        return BUILD.getProperty("version", "unknown");
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
