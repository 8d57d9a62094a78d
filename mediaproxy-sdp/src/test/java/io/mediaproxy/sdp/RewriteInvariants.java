package io.mediaproxy.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.SdpEdits.Explanation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Invariants of every body that parses, whatever its bytes are. */
final class RewriteInvariants {
    private static final String RELAY_ADDRESS = "81.23.228.129";
    private static final RelayEndpoints RELAY = RelayEndpoints.of(
            RELAY_ADDRESS, IntStream.range(0, 32).map(i -> 50000 + 4 * i).toArray());
    private static final RelayEndpoints FEW_PORTS = RelayEndpoints.of(RELAY_ADDRESS, 50000, 0);

    private RewriteInvariants() {}

    static void keepsEveryByteOutsideTheEdits(byte[] body, IceCandidate candidate) {
        for (RelayEndpoints relay : List.of(RELAY, FEW_PORTS)) {
            SdpEdits edits = SdpRewriter.plan(parse(body, 0), relay, candidate);
            assertThat(decoded(text(edits.toByteArray())))
                    .as(text(body))
                    .isEqualTo(applied(text(body), edits.explain()));
        }
    }

    /** Applies the explained edits, which are decoded, one after the other: slow and plain. */
    private static String applied(String body, List<Explanation> explanations) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (Explanation e : explanations) {
            int at = e.offset();
            assertThat(body.substring(0, at).chars().filter(c -> c == '\n').count())
                    .isBetween(e.line() - 2L, e.line() - 1L);
            result.append(decoded(body.substring(from, at)));
            from = endOf(e.before(), body, at);
            if (e.before().isEmpty()) {
                result.append(insertion(e.after(), body.substring(0, at), body));
            } else if (e.after().isEmpty()) {
                int next = body.indexOf('\n', from) + 1;
                from += lineEnd(body.substring(from, next > 0 ? next : body.length()))
                        .length();
            } else {
                result.append(e.after());
            }
        }
        return result.append(decoded(body.substring(from))).toString();
    }

    /** Returns the index after a text, which is decoded from UTF-8, in a body that is not. */
    private static int endOf(String text, String body, int start) {
        int end = start + text.length(); // as long as in ASCII, and longer by the bytes that follow the first of each
        while (end < body.length() && !decoded(body.substring(start, end)).equals(text)) {
            end++;
        }
        assertThat(decoded(body.substring(start, end))).isEqualTo(text);
        while (!text.isEmpty()
                && end < body.length()
                && decoded(body.substring(start, end + 1)).equals(text)) {
            end++; // a character that is cut short is one U+FFFD, with one byte or with more
        }
        return end;
    }

    private static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * Added lines end as the m= line of their stream. If the last line has no line end, the one before them is that of
     * the v= line; if it has only a CR, the LF is added.
     */
    private static String insertion(String added, String before, String body) {
        if (before.endsWith("\n")) {
            List<String> lines = linesWithEnds(before);
            Collections.reverse(lines);
            return added + lineEnd(first("m=", lines));
        }
        return (before.endsWith("\r") ? "\n" : lineEnd(first("v=", linesWithEnds(body)))) + added;
    }

    private static String first(String type, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(type)).findFirst().orElseThrow();
    }

    private static String lineEnd(String line) {
        return line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
    }

    private static List<String> linesWithEnds(String body) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', start)) {
            lines.add(body.substring(start, at + 1));
            start = at + 1;
        }
        if (start < body.length()) {
            lines.add(body.substring(start));
        }
        return lines;
    }

    static void gathersTheSameBytesThatItWrites(byte[] body, IceCandidate candidate) {
        SdpEdits edits = SdpRewriter.plan(parse(body, 0), RELAY, candidate);
        ByteBuffer joined = ByteBuffer.allocate(edits.length());
        for (ByteBuffer slice : edits.gather()) {
            joined.put(slice);
        }
        assertThat(joined.array()).isEqualTo(edits.toByteArray());
    }

    static void plansNoEditForARewrittenBody(byte[] body, IceCandidate candidate) {
        for (RelayEndpoints relay : List.of(RELAY, FEW_PORTS)) {
            byte[] once = SdpRewriter.plan(parse(body, 0), relay, candidate).toByteArray();
            SdpEdits again = SdpRewriter.plan(parse(once, 0), relay, candidate);
            assertThat(again.explain()).as(text(body)).isEmpty();
        }
    }

    static void writesThePlannedAddressesAndPorts(byte[] body) {
        SdpIndex before = parse(body, 0);
        SdpIndex after =
                parse(SdpRewriter.plan(before, RELAY, IceCandidate.NONE).toByteArray(), 0);
        assertThat(after.streamCount()).isEqualTo(before.streamCount());
        int place = 0;
        for (int stream = 0; stream < before.streamCount(); stream++) {
            assertThat(after.isSupported(stream)).isEqualTo(before.isSupported(stream));
            assertThat(after.isLeftAlone(stream)).isEqualTo(before.isLeftAlone(stream));
            if (before.isSupported(stream)) {
                assertThat(after.direction(stream)).isEqualTo(before.direction(stream));
                assertThat(after.hasIce(stream)).isEqualTo(before.hasIce(stream));
                assertPlanned(before, after, stream, RELAY.port(place++));
            }
        }
    }

    private static void assertPlanned(SdpIndex before, SdpIndex after, int stream, int relayPort) {
        if (before.isLeftAlone(stream)) {
            assertThat(after.address(stream)).isEqualTo(before.address(stream));
            assertThat(after.addressType(stream)).isEqualTo(before.addressType(stream));
            assertThat(after.port(stream)).isEqualTo(before.port(stream));
            return;
        }
        boolean onHold = before.mediaAddress(stream).equals("0.0.0.0");
        boolean placeholder = before.port(stream) == 9 && before.hasIce(stream);
        assertThat(after.port(stream)).isEqualTo(before.port(stream) == 0 ? 0 : relayPort);
        if (before.port(stream) != 0 && !(onHold && placeholder)) {
            assertThat(after.address(stream)).isEqualTo(onHold ? before.address(stream) : RELAY_ADDRESS);
            assertThat(after.addressType(stream)).isEqualTo(onHold ? before.addressType(stream) : "IP4");
            assertThat(after.mediaAddress(stream)).isEqualTo(onHold ? "0.0.0.0" : RELAY_ADDRESS);
        }
    }

    static void rewritesTheSameAtAnyOffset(byte[] body) {
        byte[] poison = "\nm=poison 9 RTP/AVP\nv=0\n".getBytes(StandardCharsets.US_ASCII);
        byte[] expected = SdpRewriter.plan(parse(body, 0), RELAY, IceCandidate.LOW_PRIORITY)
                .toByteArray();
        for (int offset : new int[] {1, 7}) {
            byte[] poisoned = new byte[offset + body.length + poison.length];
            System.arraycopy(poison, poison.length - offset, poisoned, 0, offset);
            System.arraycopy(body, 0, poisoned, offset, body.length);
            System.arraycopy(poison, 0, poisoned, offset + body.length, poison.length);
            byte[] before = poisoned.clone();
            SdpIndex index = new SdpIndex();
            index.parse(poisoned, offset, body.length);

            assertThat(SdpRewriter.plan(index, RELAY, IceCandidate.LOW_PRIORITY).toByteArray())
                    .isEqualTo(expected);
            assertThat(poisoned).isEqualTo(before);
        }
    }

    static SdpIndex parse(byte[] body, int offset) {
        SdpIndex index = new SdpIndex();
        index.parse(body, offset, body.length - offset);
        return index;
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }
}
