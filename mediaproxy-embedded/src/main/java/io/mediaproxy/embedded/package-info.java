/** A MediaProxy dispatcher and relay inside the JVM, for trying and testing. */
@NullMarked
package io.mediaproxy.embedded;

import org.jspecify.annotations.NullMarked;
