/**
 * The contents of a handle record: values, permissions, administrators, sites, and their octets. The same codec serves
 * the wire (RFC 3652) and the store, because the stored form is the wire form.
 *
 * <p>Pure functions over byte arrays; all integers big-endian. Decoders throw only {@link
 * io.waymark.identifier.handle.MalformedRecordException}.
 */
@NullMarked
package io.waymark.identifier.handle;

import org.jspecify.annotations.NullMarked;
