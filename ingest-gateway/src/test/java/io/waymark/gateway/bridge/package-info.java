/** Bridges against a real mosquitto. */
@org.jspecify.annotations.NullUnmarked
package io.waymark.gateway.bridge;
