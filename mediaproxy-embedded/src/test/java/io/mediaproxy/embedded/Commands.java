package io.mediaproxy.embedded;

/** Commands as Kamailio writes them. */
public final class Commands {
    public static final String AUDIO_OF_CALLER = "audio:10.1.1.1:4000:sendrecv:ice=no";
    public static final String AUDIO_OF_CALLEE = "audio:10.1.1.2:5000:sendrecv:ice=no";

    private Commands() {}

    public static String offer(String callId) {
        return offer(callId, 1, "", AUDIO_OF_CALLER);
    }

    public static String offer(String callId, int cseq, String toTag, String media) {
        return update("request", callId, cseq, toTag, "caller", media, "1:2");
    }

    public static String answer(String callId) {
        return answer(callId, 1, AUDIO_OF_CALLEE);
    }

    public static String answer(String callId, int cseq, String media) {
        return update("reply", callId, cseq, "tt", "callee", media, "1:2");
    }

    public static String update(
            String type, String callId, int cseq, String toTag, String userAgent, String media, String dialogId) {
        return update(type, callId, cseq, "ft", toTag, userAgent, media, dialogId);
    }

    /** The tags are those of the message, which may come from either party. */
    public static String update(String type, String callId, int cseq, String fromTag, String toTag, String media) {
        return update(type, callId, cseq, fromTag, toTag, "phone", media, "1:2");
    }

    private static String update(
            String type,
            String callId,
            int cseq,
            String fromTag,
            String toTag,
            String userAgent,
            String media,
            String dialogId) {
        return "update\r\ntype: " + type + "\r\ndialog_id: " + dialogId + "\r\ncall_id: " + callId + "\r\ncseq: " + cseq
                + "\r\nfrom_uri: alice@a\r\nto_uri: bob@b\r\nfrom_tag: " + fromTag + "\r\nto_tag: " + toTag
                + "\r\nuser_agent: " + userAgent + "\r\nsignaling_ip: 127.0.0.1\r\nmedia_relay: \r\nmedia: " + media
                + "\r\n\r\n";
    }

    public static String remove(String callId) {
        return remove(callId, "ft", "tt");
    }

    public static String remove(String callId, String fromTag, String toTag) {
        return "remove\r\ncall_id: " + callId + "\r\nfrom_tag: " + fromTag + "\r\nto_tag: " + toTag + "\r\n\r\n";
    }
}
