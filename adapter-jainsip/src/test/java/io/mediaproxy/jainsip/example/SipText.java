package io.mediaproxy.jainsip.example;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message as a phone reads it: the text itself, headers as the stack writes them.
 *
 * @param from whom the datagram came from
 */
record SipText(String text, InetSocketAddress from) {
    private static final Pattern URI = Pattern.compile("sip:(?:[^@>;]*@)?([0-9.]+):([0-9]+)");

    String startLine() {
        return text.substring(0, text.indexOf("\r\n"));
    }

    String body() {
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /** The values of all header fields of that name; the stack writes several into one line. */
    List<String> headers(String name) {
        String head = text.substring(0, text.indexOf("\r\n\r\n"));
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .flatMap(line -> Pattern.compile(",").splitAsStream(line.substring(name.length() + 1)))
                .map(String::strip)
                .toList();
    }

    String header(String name) {
        return headers(name).isEmpty() ? "" : headers(name).get(0);
    }

    /** The tag of From or To, empty without one. */
    String tag(String name) {
        Matcher tag = Pattern.compile(";tag=([^;]+)").matcher(header(name));
        return tag.find() ? tag.group(1) : "";
    }

    /** {@code address:port} of the first stream. */
    String media() {
        return line("c=IN IP4 ") + ':' + line("m=audio ").replaceAll(" .*", "");
    }

    private String line(String begin) {
        return body().lines()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .map(line -> line.substring(begin.length()))
                .orElseThrow(() -> new AssertionError("no " + begin + " in\n" + text));
    }

    /** Where a URI in a header leads. */
    static InetSocketAddress address(String uri) {
        Matcher address = URI.matcher(uri);
        if (!address.find()) {
            throw new AssertionError("no address in " + uri);
        }
        return new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2)));
    }
}
