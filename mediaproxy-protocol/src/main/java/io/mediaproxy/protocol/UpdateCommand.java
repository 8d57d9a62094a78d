package io.mediaproxy.protocol;

import java.util.List;
import java.util.Locale;

/**
 * Tells the dispatcher of an SDP offer or answer and asks for the relay's ports: {@code use_media_proxy}.
 *
 * <p>Values that name a session are refused when they do not fit: {@code dialogId}, {@code callId}, {@code cseq},
 * {@code fromTag}, {@code toTag}, {@code signalingIp}, {@code mediaRelay}, {@code media}. No CR, LF or NUL gets through, white
 * space at the end is dropped. Values that only describe it are mended: in {@code fromUri}, {@code toUri} and
 * {@code userAgent} a line break becomes a space and the rest is cut at {@value #MAX_DESCRIPTION_BYTES} UTF-8 bytes. Unpaired
 * surrogates become U+FFFD everywhere.
 *
 * <p>The caps keep the relay's list of sessions below the 4 MiB at which the dispatcher drops the relay, and leave room for
 * what is seen in the field: Call-IDs of session border controllers pass 200 bytes, a tag that carries a B2BUA's state 100.
 *
 * @param type whether the SDP stood in a request or in a reply
 * @param dialogId what the dispatcher gives back to have the dialog ended when its media stop; opaque printable ASCII, may
 *     be empty; at most {@value #MAX_DIALOG_ID_BYTES} bytes
 * @param callId of the message; at most {@value #MAX_CALL_ID_BYTES} bytes, not empty
 * @param cseq the number of the CSeq header, 1 to 10 digits
 * @param fromUri without {@code sip:} and parameters; {@code unknown} if empty
 * @param toUri as {@code fromUri}
 * @param fromTag at most {@value #MAX_TAG_BYTES} bytes, not empty
 * @param toTag at most {@value #MAX_TAG_BYTES} bytes, empty for provisional replies and initial requests
 * @param userAgent {@code unknown agent} if empty
 * @param signalingIp an address, {@code source_destination} or a JSON object (the module's {@code signaling_ip_avp}); at most
 *     {@value #MAX_SIGNALING_IP_BYTES} bytes, not empty
 * @param mediaRelay IPv4 address of the wanted relay (the module's {@code media_relay_avp}), or empty
 * @param media at most {@value #MAX_STREAMS} streams; empty for a message without SDP
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
        List<MediaStream> media) {

    /** Where the SDP stood. */
    public enum Type {
        /** In a request: INVITE, ACK, PRACK, UPDATE. */
        REQUEST,
        /** In a reply. */
        REPLY;

        final String word = name().toLowerCase(Locale.ROOT);
    }

    static final int MAX_CALL_ID_BYTES = 512;
    static final int MAX_TAG_BYTES = 256;
    static final int MAX_DIALOG_ID_BYTES = 256;
    static final int MAX_SIGNALING_IP_BYTES = 512;
    static final int MAX_DESCRIPTION_BYTES = 256;
    static final int MAX_STREAMS = 32;

    private static final int MAX_IPV4_BYTES = 15;
    private static final int MAX_CSEQ_DIGITS = 10;

    /**
     * Checks and cleans all values.
     *
     * @throws CommandRefusedException if a value does not fit, or the media header would pass 4096 bytes as in the module
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
        mediaRelay = HeaderValue.identifying("media_relay", mediaRelay, MAX_IPV4_BYTES);
        if (!mediaRelay.isEmpty() && !Ipv4.isLiteral(mediaRelay)) {
            throw new CommandRefusedException("media_relay", Excerpt.of(mediaRelay), "an IPv4 address");
        }
        if (media.size() > MAX_STREAMS) {
            throw new CommandRefusedException("media", media.size() + " streams", "at most " + MAX_STREAMS);
        }
        media = List.copyOf(media);
        int length = CommandEncoder.mediaLength(media);
        if (length > CommandEncoder.MAX_MEDIA_BYTES) {
            throw new CommandRefusedException(
                    "media", length + " bytes", "at most " + CommandEncoder.MAX_MEDIA_BYTES + " bytes");
        }
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
        boolean digits = true;
        for (int i = 0; digits && i < clean.length(); i++) {
            digits = Ipv4.isDigit(clean.charAt(i));
        }
        if (!digits) {
            throw new CommandRefusedException("cseq", Excerpt.of(value), "1 to " + MAX_CSEQ_DIGITS + " digits");
        }
        return clean;
    }
}
