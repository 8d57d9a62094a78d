/**
 * The rules of a stateless SIP proxy over UDP and IPv4, on the bytes of a message and without a SIP stack.
 * {@link io.mediaproxy.examples.stateless.StatelessForwarding} holds the rules; the other classes read and edit the
 * bytes for it.
 */
@NullMarked
package io.mediaproxy.examples.stateless;

import org.jspecify.annotations.NullMarked;
