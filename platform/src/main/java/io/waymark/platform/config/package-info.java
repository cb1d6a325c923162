/**
 * Configuration: one YAML file, the environment and {@code --set} become one immutable {@link
 * io.waymark.platform.config.PlatformConfig}. {@link io.waymark.platform.config.Settings} has the tables of all keys, one for each room;
 * reading collects all problems and reports them together. Nothing here opens a socket or touches the data directory.
 */
@NullMarked
package io.waymark.platform.config;

import org.jspecify.annotations.NullMarked;
