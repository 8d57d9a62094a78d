/** How the modules of this project log, and how they show text from outside. Not for applications. */
@NullMarked
package io.mediaproxy.protocol.log;

import org.jspecify.annotations.NullMarked;
