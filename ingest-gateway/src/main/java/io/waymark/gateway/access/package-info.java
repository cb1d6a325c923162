/**
 * Who may connect. Passwords are hashed on threads of this package, never on an event loop; a password is neither logged nor kept.
 *
 * @see "RFC 9106 Argon2"
 */
@NullMarked
package io.waymark.gateway.access;

import org.jspecify.annotations.NullMarked;
