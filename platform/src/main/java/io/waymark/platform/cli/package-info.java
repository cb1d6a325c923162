/**
 * The commands of {@code waymark}, one class each. A command reads its options, does its work through public interfaces
 * (HTTP, Handle protocol, MQTT) and returns an exit code; it runs on the main thread.
 */
@NullMarked
package io.waymark.platform.cli;

import org.jspecify.annotations.NullMarked;
