package io.mediaproxy.embedded.relay;

/** What the relay knows a session by; the dispatcher goes by the Call-ID alone. */
record SessionKey(String callId, String fromTag) {}
