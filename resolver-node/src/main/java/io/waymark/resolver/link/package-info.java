/**
 * The web addresses a record leads to: which there are, what each is for, and which of them suits a request best. Pure
 * functions of values and request; knows neither HTTP nor the store.
 *
 * @see "GS1-Conformant Resolver Standard 1.2"
 * @see "RFC 9264 Linkset"
 */
@NullMarked
package io.waymark.resolver.link;

import org.jspecify.annotations.NullMarked;
