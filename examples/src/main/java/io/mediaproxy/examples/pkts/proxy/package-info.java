/** A stateless SIP proxy on pkts.io, over UDP. */
@NullMarked
package io.mediaproxy.examples.pkts.proxy;

import org.jspecify.annotations.NullMarked;
