/** The {@code mediaproxy} command. */
@NullMarked
package io.mediaproxy.cli;

import org.jspecify.annotations.NullMarked;
