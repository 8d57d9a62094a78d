package io.mediaproxy.session;

/**
 * The names of a call's session at the dispatcher, the same in all its commands.
 *
 * @param callId of the call's first INVITE
 * @param callerTag the From tag of that INVITE
 * @param dialogId the dispatcher returns it when the media stop; empty if nothing listens for that
 */
record SessionId(String callId, String callerTag, String dialogId) {}
