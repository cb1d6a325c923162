@NullMarked
package io.waymark.platform.feed;

import org.jspecify.annotations.NullMarked;
