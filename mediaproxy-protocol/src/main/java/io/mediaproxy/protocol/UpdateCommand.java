package io.mediaproxy.protocol;

import io.mediaproxy.protocol.log.Excerpt;
import java.util.List;
import java.util.Locale;

/**
 * Sends an SDP offer or answer to the dispatcher and asks for the relay's ports: {@code use_media_proxy}. Thread-safe.
 *
 * <p>Values that identify a session are refused if they do not fit: {@code dialogId}, {@code callId}, {@code cseq},
 * {@code fromTag}, {@code toTag}, {@code signalingIp}, {@code mediaRelay}, {@code media}. They never contain a CR, LF
 * or NUL, and white space at the end is dropped. Values that only describe it are sanitised: in {@code fromUri},
 * {@code toUri} and {@code userAgent} each run of line breaks becomes one space, and the rest is cut at
 * {@value #MAX_DESCRIPTION_BYTES} UTF-8 bytes. In all values an unpaired surrogate becomes U+FFFD.
 *
 * <p>The limits keep the relay's list of sessions below the 4 MiB at which the dispatcher drops the relay, and still
 * take the long values that are seen in the field. Commands are made by {@link #builder}, which names the values.
 *
 * @param type where the SDP was found
 * @param dialogId the id that the dispatcher sends back when it asks to end the dialog because its media stopped:
 *     opaque printable ASCII of at most {@value #MAX_DIALOG_ID_BYTES} bytes; if empty, the dispatcher never asks
 * @param callId of the message; at most {@value DispatcherCommand#MAX_CALL_ID_BYTES} bytes, not empty
 * @param cseq the number of the CSeq header field, 1 to 10 digits
 * @param fromUri without {@code sip:} and parameters; {@code unknown} if empty
 * @param toUri as {@code fromUri}
 * @param fromTag at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes, not empty
 * @param toTag at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes; empty for initial requests and provisional
 *     responses
 * @param userAgent of the party that sent the message; {@code unknown agent} if empty
 * @param signalingIp the address of that party (the module's {@code signaling_ip_avp}): an address,
 *     {@code source_destination} or a JSON object; at most {@value #MAX_SIGNALING_IP_BYTES} bytes, not empty
 * @param mediaRelay IPv4 address of the wanted relay (the module's {@code media_relay_avp}); if empty, the dispatcher
 *     chooses
 * @param media the streams of the SDP, at most {@value #MAX_STREAMS}; empty for a message without SDP
 */
public record UpdateCommand(
        Type type,
        String dialogId,
        String callId,
        String cseq,
        String fromUri,
        String toUri,
        String fromTag,
        String toTag,
        String userAgent,
        String signalingIp,
        String mediaRelay,
        List<MediaStream> media)
        implements DispatcherCommand {

    /** Where the SDP was found. */
    public enum Type {
        /** In a request: INVITE, ACK, PRACK, UPDATE. */
        REQUEST,
        /** In a response. */
        REPLY;

        final String word = name().toLowerCase(Locale.ROOT);
    }

    static final int MAX_DIALOG_ID_BYTES = 256;
    static final int MAX_SIGNALING_IP_BYTES = 512;
    static final int MAX_DESCRIPTION_BYTES = 256;
    /** The most streams of one update. */
    public static final int MAX_STREAMS = 32;

    private static final int MAX_IPV4_BYTES = 15;
    private static final int MAX_CSEQ_DIGITS = 10;

    /**
     * Checks and cleans all values.
     *
     * @throws CommandRefusedException if a value does not fit, or the media header would be longer than the 4096 bytes
     *     of Kamailio's module
     */
    public UpdateCommand {
        dialogId = checkedDialogId(dialogId);
        callId = HeaderValue.mandatory("call_id", callId, MAX_CALL_ID_BYTES);
        cseq = checkedCseq(cseq);
        fromUri = HeaderValue.descriptive(fromUri, MAX_DESCRIPTION_BYTES, "unknown");
        toUri = HeaderValue.descriptive(toUri, MAX_DESCRIPTION_BYTES, "unknown");
        fromTag = HeaderValue.mandatory("from_tag", fromTag, MAX_TAG_BYTES);
        toTag = HeaderValue.identifying("to_tag", toTag, MAX_TAG_BYTES);
        userAgent = HeaderValue.descriptive(userAgent, MAX_DESCRIPTION_BYTES, "unknown agent");
        signalingIp = SignalingIp.checked(signalingIp, MAX_SIGNALING_IP_BYTES);
        mediaRelay = checkedMediaRelay(mediaRelay);
        media = checkedMedia(media);
    }

    private static String checkedDialogId(String value) {
        String clean = HeaderValue.identifying("dialog_id", value, MAX_DIALOG_ID_BYTES);
        for (int i = 0; i < clean.length(); i++) {
            if (clean.charAt(i) < ' ' || clean.charAt(i) > '~') {
                throw new CommandRefusedException("dialog_id", Excerpt.of(value), "printable ASCII");
            }
        }
        return clean;
    }

    private static String checkedCseq(String value) {
        String clean = HeaderValue.mandatory("cseq", value, MAX_CSEQ_DIGITS);
        for (int i = 0; i < clean.length(); i++) {
            if (!Ipv4.isDigit(clean.charAt(i))) {
                throw new CommandRefusedException("cseq", Excerpt.of(value), "1 to " + MAX_CSEQ_DIGITS + " digits");
            }
        }
        return clean;
    }

    private static String checkedMediaRelay(String value) {
        String clean = HeaderValue.identifying("media_relay", value, MAX_IPV4_BYTES);
        if (!clean.isEmpty() && !Ipv4.isLiteral(clean)) {
            throw new CommandRefusedException("media_relay", Excerpt.of(clean), "an IPv4 address");
        }
        return clean;
    }

    private static List<MediaStream> checkedMedia(List<MediaStream> media) {
        if (media.size() > MAX_STREAMS) {
            throw new CommandRefusedException("media", media.size() + " streams", "at most " + MAX_STREAMS);
        }
        List<MediaStream> streams = List.copyOf(media);
        int length = CommandEncoder.mediaLength(streams);
        if (length > CommandEncoder.MAX_MEDIA_BYTES) {
            throw new CommandRefusedException(
                    "media", length + " bytes", "at most " + CommandEncoder.MAX_MEDIA_BYTES + " bytes");
        }
        return streams;
    }

    /**
     * Starts a command. Of its values only {@link Builder#callId}, {@link Builder#cseq}, {@link Builder#fromTag} and
     * {@link Builder#signalingIp} have to be set.
     *
     * @param type where the SDP was found
     * @return a builder with empty values
     */
    public static Builder builder(Type type) {
        return new Builder(type);
    }

    /** Returns the same command with another wanted relay. */
    UpdateCommand withMediaRelay(String address) {
        return new UpdateCommand(
                type, dialogId, callId, cseq, fromUri, toUri, fromTag, toTag, userAgent, signalingIp, address, media);
    }

    @Override
    public String name() {
        return "update";
    }

    @Override
    public boolean allows(DispatcherReply reply) {
        return !(reply instanceof DispatcherReply.Removed);
    }

    /** Collects the values of an {@link UpdateCommand} and checks them in {@link #build()}. Not thread-safe. */
    public static final class Builder {
        private final Type type;
        private String dialogId = "";
        private String callId = "";
        private String cseq = "";
        private String fromUri = "";
        private String toUri = "";
        private String fromTag = "";
        private String toTag = "";
        private String userAgent = "";
        private String signalingIp = "";
        private String mediaRelay = "";
        private List<MediaStream> media = List.of();

        private Builder(Type type) {
            this.type = type;
        }

        /**
         * Sets the id that the dispatcher sends back when it asks to end the dialog because its media stopped.
         *
         * @param value opaque printable ASCII of at most {@value UpdateCommand#MAX_DIALOG_ID_BYTES} bytes. Default:
         *     empty, the dispatcher never asks
         * @return this
         */
        public Builder dialogId(String value) {
            dialogId = value;
            return this;
        }

        /**
         * Sets the Call-ID. Required.
         *
         * @param value at most {@value DispatcherCommand#MAX_CALL_ID_BYTES} bytes, not empty
         * @return this
         */
        public Builder callId(String value) {
            callId = value;
            return this;
        }

        /**
         * Sets the number of the CSeq header field. Required.
         *
         * @param value 1 to 10 digits
         * @return this
         */
        public Builder cseq(String value) {
            cseq = value;
            return this;
        }

        /**
         * Sets the URI of the From header field.
         *
         * @param value without {@code sip:} and parameters. Default: {@code unknown}, also if empty
         * @return this
         */
        public Builder fromUri(String value) {
            fromUri = value;
            return this;
        }

        /**
         * Sets the URI of the To header field.
         *
         * @param value without {@code sip:} and parameters. Default: {@code unknown}, also if empty
         * @return this
         */
        public Builder toUri(String value) {
            toUri = value;
            return this;
        }

        /**
         * Sets the tag of the From header field. Required.
         *
         * @param value at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes, not empty
         * @return this
         */
        public Builder fromTag(String value) {
            fromTag = value;
            return this;
        }

        /**
         * Sets the tag of the To header field.
         *
         * @param value at most {@value DispatcherCommand#MAX_TAG_BYTES} bytes. Default: empty, as for initial requests
         *     and provisional responses
         * @return this
         */
        public Builder toTag(String value) {
            toTag = value;
            return this;
        }

        /**
         * Sets the user agent.
         *
         * @param value the User-Agent or Server header field. Default: {@code unknown agent}, also if empty
         * @return this
         */
        public Builder userAgent(String value) {
            userAgent = value;
            return this;
        }

        /**
         * Sets the address of the party that sent the SDP (the module's {@code signaling_ip_avp}). Required.
         *
         * @param value an address, {@code source_destination} or a JSON object; at most
         *     {@value UpdateCommand#MAX_SIGNALING_IP_BYTES} bytes, not empty
         * @return this
         */
        public Builder signalingIp(String value) {
            signalingIp = value;
            return this;
        }

        /**
         * Sets the wanted relay (the module's {@code media_relay_avp}).
         *
         * @param value its IPv4 address. Default: empty, the dispatcher chooses
         * @return this
         */
        public Builder mediaRelay(String value) {
            mediaRelay = value;
            return this;
        }

        /**
         * Sets the streams of the SDP.
         *
         * @param value at most {@value UpdateCommand#MAX_STREAMS}, together 4096 bytes on the wire as in Kamailio's
         *     module. Default: none, as for a message without SDP
         * @return this
         */
        public Builder media(List<MediaStream> value) {
            media = value;
            return this;
        }

        /**
         * Checks and cleans all values.
         *
         * @return the command
         * @throws CommandRefusedException if a value does not fit
         */
        public UpdateCommand build() {
            return new UpdateCommand(
                    type,
                    dialogId,
                    callId,
                    cseq,
                    fromUri,
                    toUri,
                    fromTag,
                    toTag,
                    userAgent,
                    signalingIp,
                    mediaRelay,
                    media);
        }
    }
}
