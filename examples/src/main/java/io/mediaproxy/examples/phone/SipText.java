package io.mediaproxy.examples.phone;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP message as text. It reads header fields as JAIN-SIP writes them: full names, no folded lines.
 *
 * @param peer the address from which the message came, or to which it was sent
 */
public record SipText(String text, InetSocketAddress peer) {
    /** Gives up at the next colon, so that the search takes linear time whatever the text. */
    private static final Pattern URI = Pattern.compile("sip:(?:[^@>;:]*+@)?([0-9.]++):([0-9]++)");

    private static final Pattern TAG = Pattern.compile(";tag=([^;]+)");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final String VERSION = "SIP/2.0 ";

    public String startLine() {
        return text.substring(0, text.indexOf("\r\n"));
    }

    /** The status code; 0 for a request. */
    public int status() {
        return startLine().startsWith(VERSION) ? Integer.parseInt(startLine().split(" ", 3)[1]) : 0;
    }

    /** The method, of a response that of its CSeq. */
    public String method() {
        String cseq = header("CSeq");
        return cseq.substring(cseq.indexOf(' ') + 1);
    }

    /** For people: the method of a request; status and reason of a response, with its method unless that is INVITE. */
    public String label() {
        if (status() == 0) {
            return method();
        }
        String status = startLine().substring(VERSION.length());
        return method().equals("INVITE") ? status : status + " (" + method() + ")";
    }

    public String body() {
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /** The values of all header fields of that name; JAIN-SIP writes several values into one line. */
    public List<String> headers(String name) {
        return text.lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .flatMap(line -> COMMA.splitAsStream(line.substring(name.length() + 1)))
                .map(String::strip)
                .toList();
    }

    /** The first value of that name; empty if there is none. */
    public String header(String name) {
        return headers(name).isEmpty() ? "" : headers(name).get(0);
    }

    /** The tag of From or To; empty if there is none. */
    public String tag(String name) {
        Matcher tag = TAG.matcher(header(name));
        return tag.find() ? tag.group(1) : "";
    }

    /** {@code address:port} of the audio stream. */
    public String media() {
        return line("c=IN IP4 ") + ':' + line("m=audio ").replaceAll(" .*", "");
    }

    /** The address of the audio stream. */
    public InetSocketAddress mediaAddress() {
        return address("sip:" + media());
    }

    private String line(String begin) {
        return body().lines()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .map(line -> line.substring(begin.length()))
                .orElseThrow(() -> new IllegalStateException("no " + begin + " in\n" + text));
    }

    /** The address in a SIP URI, which names an IPv4 address and a port. */
    public static InetSocketAddress address(String uri) {
        Matcher address = URI.matcher(uri);
        if (!address.find()) {
            throw new IllegalStateException("no address in " + uri);
        }
        return new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2)));
    }
}
