package io.waymark.identifier.handle;

/**
 * Points at one value of a handle, {@code index:handle}.
 *
 * @param handle the handle's name as written
 * @param index the value's index; 0 means any value that fits
 */
public record ValueReference(String handle, int index) {}
