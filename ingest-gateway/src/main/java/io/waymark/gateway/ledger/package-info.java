/**
 * The ledger: what the spool says it took, by device group, against what Kafka holds. {@link
 * io.waymark.gateway.ledger.NodeLedger} is the gateway's side, {@link io.waymark.gateway.ledger.KafkaScan} reads Kafka's,
 * {@link io.waymark.gateway.ledger.LedgerCheck} compares them without doing anything else. One thread each.
 */
@NullMarked
package io.waymark.gateway.ledger;

import org.jspecify.annotations.NullMarked;
