/**
 * The functions and parameters of the {@code mediaproxy} module, for any SIP stack.
 * {@link io.mediaproxy.session.MediaProxy} reads a message through {@link io.mediaproxy.session.sip.SipMessageView},
 * asks the dispatcher for a relay and returns the body that puts the relay into the path of the media.
 */
@NullMarked
package io.mediaproxy.session;

import org.jspecify.annotations.NullMarked;
