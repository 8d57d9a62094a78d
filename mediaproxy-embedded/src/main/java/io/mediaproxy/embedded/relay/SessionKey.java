package io.mediaproxy.embedded.relay;

/** Identifies a session of a relay. The dispatcher uses the Call-ID alone. */
record SessionKey(String callId, String fromTag) {}
