package io.mediaproxy.session;

import io.mediaproxy.protocol.UpdateCommand;

/** Makes update commands from messages: the only place that maps SIP to the values of an update. Thread-safe. */
final class UpdateCommands {
    private final MediaProxyConfig config;

    UpdateCommands(MediaProxyConfig config) {
        this.config = config;
    }

    /**
     * Starts a command with the values of the message itself. A call that is followed replaces those that identify its
     * session.
     *
     * @param type whether it is the message of the requester or of the other side
     * @param message that was {@linkplain RelayedMessage#asked asked} about
     * @param knownRelay address of the relay that the call has; empty if it has none
     */
    UpdateCommand.Builder describe(UpdateCommand.Type type, RelayedMessage message, String knownRelay) {
        CallFields fields = message.fields();
        return UpdateCommand.builder(type)
                .callId(fields.callId())
                .cseq(fields.cseq())
                .fromUri(fields.from().uri())
                .toUri(fields.to().uri())
                .fromTag(fields.from().tag())
                .toTag(finalTag(message, fields.to().tag()))
                .userAgent(message.userAgent())
                .signalingIp(message.signalingIp())
                .mediaRelay(config.mediaRelay(message.attributes(), knownRelay));
    }

    /** A provisional response does not fix the callee's tag yet, since another branch may answer (module). */
    static String finalTag(RelayedMessage message, String calleeTag) {
        return message.isProvisional() ? "" : calleeTag;
    }
}
