package io.mediaproxy.pkts;

import io.mediaproxy.session.MediaProxyResult;
import io.pkts.packet.sip.SipMessage;

/**
 * What {@code use_media_proxy} made of one message. Immutable as they are.
 *
 * @param message the message to go on with: a new one with the new body, or the very one that was given where there is no new
 *     body
 * @param result what was done, and why
 */
public record PktsResult(SipMessage message, MediaProxyResult result) {}
