package io.waymark.resolver;

import java.nio.file.Path;
import net.handle.hdllib.FilesystemConfiguration;
import net.handle.hdllib.HandleResolver;

/**
 * The reference client's resolver with a configuration of its own. By default all resolvers of a process share one, so that
 * what one test says of a prefix sends the next test's requests to a node that is gone.
 */
final class OfflineResolver {
    private static final Path NO_CONFIGURATION = Path.of("target", "no-client-config");

    private OfflineResolver() {}

    /** A resolver that caches nothing and asks nobody for news of the global root. */
    static HandleResolver create() {
        System.setProperty("net.handle.configDir", NO_CONFIGURATION.toString());
        HandleResolver resolver = new HandleResolver();
        resolver.setConfiguration(new FilesystemConfiguration(NO_CONFIGURATION.toFile()));
        resolver.getConfiguration().setAutoUpdateRootInfo(false);
        resolver.setCache(null);
        resolver.setCertifiedCache(null);
        resolver.setTcpTimeout(10_000);
        return resolver;
    }
}
