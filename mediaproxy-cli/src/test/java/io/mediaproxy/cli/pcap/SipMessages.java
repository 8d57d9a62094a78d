package io.mediaproxy.cli.pcap;

import java.nio.charset.StandardCharsets;

/** The messages of a call, as phones write them. */
final class SipMessages {
    private final String callId;
    private final String caller;
    private final String callee;

    /**
     * A call.
     *
     * @param caller where the caller hears, IPv4
     * @param callee where the callee hears, IPv4
     */
    SipMessages(String callId, String caller, String callee) {
        this.callId = callId;
        this.caller = caller;
        this.callee = callee;
    }

    String invite(int cseq) {
        return request("INVITE", cseq, "", sdp(caller, 4000));
    }

    /** Within the call; with another port. */
    String reInvite(int cseq) {
        return request("INVITE", cseq, ";tag=callee", sdp(caller, 4010));
    }

    String ack(int cseq) {
        return request("ACK", cseq, ";tag=callee", "");
    }

    String cancel(int cseq) {
        return request("CANCEL", cseq, "", "")
                .replace("branch=z9hG4bK" + cseq + "CANCEL", "branch=z9hG4bK" + cseq + "INVITE");
    }

    String bye(int cseq) {
        return request("BYE", cseq, ";tag=callee", "");
    }

    String response(String status, int cseq, String method) {
        return message("SIP/2.0 " + status, cseq, method, ";tag=callee", "");
    }

    String answer(String status, int cseq) {
        return message("SIP/2.0 " + status, cseq, "INVITE", ";tag=callee", sdp(callee, 5000));
    }

    String request(String method, int cseq, String toTag, String body) {
        return message(method + " sip:callee@example.org SIP/2.0", cseq, method, toTag, body);
    }

    private String message(String startLine, int cseq, String method, String toTag, String body) {
        return String.join(
                "\r\n",
                startLine,
                "Via: SIP/2.0/UDP 10.0.0.10:5060;branch=z9hG4bK" + cseq + method,
                "From: \"Alice\" <sip:caller@example.org>;tag=caller",
                "To: <sip:callee@example.org>" + toTag,
                "Call-ID: " + callId,
                "CSeq: " + cseq + " " + method,
                body.isEmpty() ? "X-Nothing: here" : "Content-Type: application/sdp",
                "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length,
                "",
                body);
    }

    /** The message as the next hop sees it, with the Via of the one that sent it on. */
    static String via(String message, String address, String branch) {
        return message.replaceFirst(
                "Via:", "Via: SIP/2.0/UDP " + address + ":5060;branch=z9hG4bK" + branch + "\r\nVia:");
    }

    /** The message with another tag of the callee. */
    static String taggedTo(String message, String tag) {
        return message.replace(";tag=callee", ";tag=" + tag);
    }

    static String sdp(String address, int port) {
        return sdp("IP4", address, port);
    }

    static String sdp(String type, String address, int port) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN " + type + " " + address,
                "s=-",
                "c=IN " + type + " " + address,
                "t=0 0",
                "m=audio " + port + " RTP/AVP 0",
                "");
    }

    /** The message with the relay at a port in its SDP. */
    static String relayed(String message, int port) {
        int bodyAt = message.indexOf("\r\n\r\n") + 4;
        String body = message.substring(bodyAt)
                .replaceAll("c=IN IP4 [0-9.]+", "c=IN IP4 192.0.2.1")
                .replaceAll("m=audio [0-9]+", "m=audio " + port);
        return message.substring(0, bodyAt).replaceAll("Content-Length: [0-9]+", "Content-Length: " + body.length())
                + body;
    }
}
