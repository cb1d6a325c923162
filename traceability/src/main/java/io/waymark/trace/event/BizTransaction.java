package io.waymark.trace.event;

import org.jspecify.annotations.Nullable;

/**
 * A business transaction an event belongs to (EPCIS 2.0 §7.3.5.3).
 *
 * @param type CBV bare word such as {@code po}, or a URI; may be absent
 * @param id URI of the transaction
 */
public record BizTransaction(@Nullable String type, String id) {}
