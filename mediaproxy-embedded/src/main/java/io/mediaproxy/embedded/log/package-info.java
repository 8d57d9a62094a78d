/** How the embedded dispatcher and relay log. */
@NullMarked
package io.mediaproxy.embedded.log;

import org.jspecify.annotations.NullMarked;
