/**
 * Given a change, the record of it: what a registration may look like, who may make it, and the node's own key.
 * Decisions are pure; {@link io.waymark.resolver.admin.Registrar} alone writes, through the record store.
 */
@NullMarked
package io.waymark.resolver.admin;

import org.jspecify.annotations.NullMarked;
