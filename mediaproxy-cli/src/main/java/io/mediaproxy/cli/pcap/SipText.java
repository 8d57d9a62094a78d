package io.mediaproxy.cli.pcap;

import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;

/** What SIP looks like before anybody reads it, and what is shown of it. */
final class SipText {
    private static final String VERSION = "SIP/2.0";
    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST_NAME = 40;

    private SipText() {}

    /** Whether the first line is one of SIP's; whether the rest is SIP has to be seen. */
    static boolean begins(byte[] bytes, int from, int to) {
        String line = firstLine(bytes, from, to);
        return line.startsWith(VERSION + " ")
                || (line.endsWith(" " + VERSION) && line.indexOf(' ') > 0 && Character.isLetter(line.charAt(0)));
    }

    /** The method of a request; status code and reason of a reply, and the method if it is not INVITE. */
    static String label(RawSipMessage message, byte[] bytes, int from, int to) {
        if (message.isRequest()) {
            return cut(message.method());
        }
        String status =
                cut(firstLine(bytes, from, to).substring(VERSION.length()).strip());
        return message.method().equals("INVITE") ? status : status + " (" + cut(message.method()) + ")";
    }

    /** Without the empty lines before it. */
    private static String firstLine(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && (bytes[start] == '\r' || bytes[start] == '\n')) {
            start++;
        }
        int limit = Math.min(to, start + LONGEST_LINE);
        int end = start;
        while (end < limit && bytes[end] != '\n' && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8).stripTrailing();
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
    }
}
