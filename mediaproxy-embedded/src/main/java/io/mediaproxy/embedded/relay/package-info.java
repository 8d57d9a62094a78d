/** The relay: sessions as MediaProxy makes them of offers and answers, their streams, ports and packets. */
@NullMarked
package io.mediaproxy.embedded.relay;

import org.jspecify.annotations.NullMarked;
