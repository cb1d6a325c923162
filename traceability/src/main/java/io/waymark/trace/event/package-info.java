/**
 * What happened? The EPCIS 2.0 event model as far as Waymark emits it, the words of CBV 2.0 and the event hash (CBV 2.0
 * §8.9). Immutable values, pure functions.
 */
@NullMarked
package io.waymark.trace.event;

import org.jspecify.annotations.NullMarked;
