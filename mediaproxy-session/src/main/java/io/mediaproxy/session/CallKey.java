package io.mediaproxy.session;

/**
 * Identifies an engaged call: two calls may have one Call-ID, as those of a B2BUA that keeps it, or of two phones that
 * chose the same one. Thread-safe.
 *
 * @param callId of the INVITE that began the call
 * @param fromTag the From tag of that INVITE
 */
public record CallKey(String callId, String fromTag) {}
