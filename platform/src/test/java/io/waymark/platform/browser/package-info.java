/** A real Chromium for tests of the console, driven over the W3C WebDriver protocol. */
@NullMarked
package io.waymark.platform.browser;

import org.jspecify.annotations.NullMarked;
