/**
 * Small facts that must be durable together with messages: answers already given, commands for devices, how far a topic has been
 * read. Written in the spool's own batches; read at start.
 */
@NullMarked
package io.waymark.storage.note;

import org.jspecify.annotations.NullMarked;
