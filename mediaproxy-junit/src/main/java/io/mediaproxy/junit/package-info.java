/** Tests of SIP servers with a MediaProxy dispatcher and relays inside the JVM. */
@NullMarked
package io.mediaproxy.junit;

import org.jspecify.annotations.NullMarked;
