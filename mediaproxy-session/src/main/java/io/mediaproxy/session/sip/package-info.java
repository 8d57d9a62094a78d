/**
 * The interface between a SIP stack and {@link io.mediaproxy.session.MediaProxy}: a read-only view of one message, a
 * view of a message that is there as bytes, and the delivery of messages in order to a stack whose threads must not
 * block.
 */
@NullMarked
package io.mediaproxy.session.sip;

import org.jspecify.annotations.NullMarked;
