package io.mediaproxy.session;

import java.util.Optional;

/**
 * A call whose media stopped, so that the dispatcher asks to end it.
 *
 * @param callId of the call's first INVITE
 * @param fromTag the caller's
 * @param caller what is known of the caller; empty for a {@link MediaSession}, whose server knows its dialogs
 * @param callee what is known of the callee, of the one that answered first; empty as {@code caller}
 */
public record MediaTimeout(String callId, String fromTag, Optional<DialogParty> caller, Optional<DialogParty> callee) {}
