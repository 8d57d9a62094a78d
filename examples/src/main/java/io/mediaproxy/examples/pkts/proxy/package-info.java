/**
 * A stateless SIP proxy on pkts.io, over UDP. {@link io.mediaproxy.examples.pkts.proxy.PktsProxy} is the server;
 * {@code StatelessForwarding} holds the rules of RFC 3261, and the other classes read and edit the bytes of a message for it.
 */
@NullMarked
package io.mediaproxy.examples.pkts.proxy;

import org.jspecify.annotations.NullMarked;
