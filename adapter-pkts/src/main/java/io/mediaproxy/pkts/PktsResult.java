package io.mediaproxy.pkts;

import io.mediaproxy.session.MediaProxyResult;
import io.pkts.packet.sip.SipMessage;

/**
 * The result of {@code use_media_proxy} for one message. Thread-safe.
 *
 * @param message the message to forward: a new one with the new body, or the given one if there is no new body
 * @param result the outcome and its reason
 */
public record PktsResult(SipMessage message, MediaProxyResult result) {}
