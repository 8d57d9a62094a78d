package io.mediaproxy.scenario;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The message of a ladder's line, as bytes: {@code alice -> bob 183 INVITE 1 call=leg-b sdp audio 10.0.0.1:5004}.
 *
 * @param from the sender
 * @param status of a response; empty for a request
 * @param options {@code call}, {@code from}, {@code to} by name; a word without a value has itself
 * @param contentType of the body; null without one
 * @param content the streams of SDP, or the media type of another body; null without a body
 */
record SipText(
        String from,
        String to,
        String status,
        String method,
        String cseq,
        Map<String, String> options,
        String contentType,
        String content) {
    private static final String SDP = "application/sdp";
    private static final Pattern BODY = Pattern.compile(" (sdp|body) (.+)$");

    /** @param line without the verb */
    static SipText parse(String line) {
        Matcher body = BODY.matcher(line);
        boolean hasBody = body.find();
        List<String> words = List.of((hasBody ? line.substring(0, body.start()) : line).split(" ", -1));
        if (words.size() < 5 || !words.get(1).equals("->")) {
            throw new IllegalArgumentException("a message is FROM -> TO, [STATUS] METHOD CSEQ, and its options");
        }
        boolean response = Character.isDigit(words.get(3).charAt(0));
        int next = response ? 4 : 3;
        Map<String, String> options = new HashMap<>();
        for (String word : words.subList(next + 2, words.size())) {
            int equals = word.indexOf('=');
            options.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? word : word.substring(equals + 1));
        }
        return new SipText(
                words.get(0),
                words.get(2),
                response ? words.get(3) : "",
                words.get(next),
                words.get(next + 1),
                options,
                !hasBody ? null : body.group(1).equals("sdp") ? SDP : OtherBody.contentType(body.group(2)),
                !hasBody ? null : body.group(2));
    }

    boolean hasSdp() {
        return SDP.equals(contentType);
    }

    boolean isRequest() {
        return status.isEmpty();
    }

    String callId() {
        return repeated(options.getOrDefault("call", "call"));
    }

    /** The party of the From header field: it sent the request. */
    String requester() {
        return isRequest() ? from : to;
    }

    String requested() {
        return isRequest() ? to : from;
    }

    /** Returns a key that is the same for the same message. */
    List<String> identity() {
        return List.of(from, to, status, method, cseq, callId());
    }

    /** @param toTag empty if there is none */
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
        if (!body.isEmpty()) {
            text.append("\r\nContent-Type: ").append(contentType == null ? SDP : contentType);
        }
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
