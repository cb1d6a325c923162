/**
 * What tests of several modules need and no module's own package is the place for: time that moves when told, programs run as a
 * person runs them, a second Java program of the tests' own class path. Knows nothing of Waymark, so every module may use it.
 */
@NullMarked
package io.waymark.testing;

import org.jspecify.annotations.NullMarked;
