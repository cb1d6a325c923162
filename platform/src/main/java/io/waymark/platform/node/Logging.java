package io.waymark.platform.node;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.waymark.platform.config.LogFormat;
import java.net.URL;
import org.slf4j.LoggerFactory;

/** Chooses how log lines look. The format of the start, before the configuration is read, is text. */
public final class Logging {
    private Logging() {}

    /** Switches to the format. */
    public static void use(LogFormat format) {
        switch (format) {
            case TEXT -> {}
            case JSON -> configure("logback-json.xml");
        }
    }

    private static void configure(String resource) {
        URL url = Logging.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new IllegalStateException(resource + " is missing from the distribution");
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(url);
        } catch (JoranException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }
}
