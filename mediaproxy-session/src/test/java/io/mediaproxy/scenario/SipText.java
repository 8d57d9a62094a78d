package io.mediaproxy.scenario;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The message that a ladder's line speaks of: {@code alice -> bob 183 INVITE 1 call=leg-b sdp audio 10.0.0.1:5004}, as bytes.
 *
 * @param from who sends it
 * @param status of a reply; empty: a request
 * @param options {@code call}, {@code from}, {@code to} by name; a word without a value has itself
 * @param streams null: no SDP
 */
record SipText(
        String from,
        String to,
        String status,
        String method,
        String cseq,
        Map<String, String> options,
        String streams) {
    private static final String SDP = " sdp ";

    /** @param line without the verb */
    static SipText parse(String line) {
        int sdp = line.indexOf(SDP);
        List<String> words = new ArrayList<>(List.of((sdp < 0 ? line : line.substring(0, sdp)).split(" ", -1)));
        if (words.size() < 5 || !words.get(1).equals("->")) {
            throw new IllegalArgumentException("a message is FROM -> TO, [STATUS] METHOD CSEQ, and its options");
        }
        boolean reply = Character.isDigit(words.get(3).charAt(0));
        int next = reply ? 4 : 3;
        Map<String, String> options = new HashMap<>();
        for (String word : words.subList(next + 2, words.size())) {
            int equals = word.indexOf('=');
            options.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? word : word.substring(equals + 1));
        }
        return new SipText(
                words.get(0),
                words.get(2),
                reply ? words.get(3) : "",
                words.get(next),
                words.get(next + 1),
                options,
                sdp < 0 ? null : line.substring(sdp + SDP.length()));
    }

    boolean isRequest() {
        return status.isEmpty();
    }

    String callId() {
        return repeated(options.getOrDefault("call", "call"));
    }

    /** Whose address stands in From: the one who sent the request. */
    String requester() {
        return isRequest() ? from : to;
    }

    String requested() {
        return isRequest() ? to : from;
    }

    /** What makes it the same message again. */
    List<String> identity() {
        return List.of(from, to, status, method, cseq, callId());
    }

    /** @param toTag whose absence is the empty text */
    byte[] bytes(String toTag, String body) {
        String fromTag = repeated(options.getOrDefault("from", requester()));
        String ownToTag = repeated(options.getOrDefault("to", toTag));
        StringBuilder text = new StringBuilder();
        text.append(isRequest() ? method + " sip:" + to + "@example.org SIP/2.0" : "SIP/2.0 " + status + " Reason");
        text.append("\r\nVia: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bK").append(Objects.hash(requester(), method, cseq));
        text.append("\r\nFrom: <sip:" + requester() + "@example.org>" + tag(fromTag));
        text.append("\r\nTo: <sip:" + requested() + "@example.org>" + tag(ownToTag));
        text.append("\r\nCall-ID: ").append(callId());
        if (!cseq.equals("-")) {
            text.append("\r\nCSeq: " + cseq + ' ' + method);
        }
        text.append("\r\nContact: <sip:" + from + "@192.0.2.50>");
        text.append("\r\nUser-Agent: Phone of ").append(from);
        if (options.containsKey("credentials")) {
            text.append("\r\nProxy-Authorization: Digest username=\"" + from + "\"");
        }
        text.append(body.isEmpty() ? "" : "\r\nContent-Type: application/sdp");
        text.append("\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String tag(String tag) {
        return tag.isEmpty() || tag.equals("-") ? "" : ";tag=" + tag;
    }

    /** {@code x*300} is three hundred times x. */
    static String repeated(String value) {
        int star = value.indexOf('*');
        return star < 0 ? value : value.substring(0, star).repeat(Integer.parseInt(value.substring(star + 1)));
    }
}
