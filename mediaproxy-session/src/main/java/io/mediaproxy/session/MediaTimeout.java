package io.mediaproxy.session;

import java.util.Optional;

/**
 * A call whose media stopped: the dispatcher asks to end it. Thread-safe.
 *
 * @param callId of the call's first INVITE
 * @param fromTag of the caller, in that INVITE
 * @param caller the caller; empty for a {@link MediaSession}, whose server knows its dialogs
 * @param callee the callee that answered first; empty in the same cases
 */
public record MediaTimeout(String callId, String fromTag, Optional<DialogParty> caller, Optional<DialogParty> callee) {}
