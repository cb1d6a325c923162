/**
 * The change feed: every change of a record, in the order the changes were made, exactly once, as records of a compacted Kafka
 * topic. Whoever reads the topic from its beginning knows every record; a replica is a node that does. Takes changes from the
 * store's outbox, where each was noted in the batch that made it. Forwarder thread.
 *
 * @see "CloudEvents 1.0 Kafka protocol binding, binary content mode"
 */
@NullMarked
package io.waymark.resolver.feed;

import org.jspecify.annotations.NullMarked;
