package io.waymark.platform;

import io.waymark.platform.node.BuildInfo;
import picocli.CommandLine.IVersionProvider;

/** What {@code waymark --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "waymark " + BuildInfo.version(),
            "Java " + Runtime.version() + " on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
