/** One thread that owns channels and timers. */
@NullMarked
package io.mediaproxy.embedded.loop;

import org.jspecify.annotations.NullMarked;
