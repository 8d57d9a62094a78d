package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

import io.mediaproxy.sdp.SdpEdits.Why;

/**
 * Plans the edits of lines that would lead media around the relay, or have the receiver drop what comes from it:
 *
 * <pre>
 *   c=IN IP4 10.0.0.2                            a second one: removed, the relay has one address for a stream
 *   a=altc:2 IP4 10.0.0.1 5004                   an alternative address (RFC 6947): removed
 *   a=alt:1 2 : user pass 10.0.0.1 5004          the same, of X-Lite and its relatives: removed
 *   a=source-filter: incl IN IP4 * 10.0.0.1      whom to accept media from (RFC 4570): from the relay
 * </pre>
 *
 * <p>The scan only marks a stream that has such lines, so that all others pay nothing.
 */
final class Detours {
    private static final byte[] CONNECTION_DATA = Ascii.bytes("c=");
    private static final byte[] ALTERNATIVE = Ascii.bytes("a=altc:");
    private static final byte[] ALTERNATE = Ascii.bytes("a=alt:");
    private static final byte[] SOURCE_FILTER = Ascii.bytes("a=source-filter:");
    private static final byte[] INCLUDE = Ascii.bytes("incl");
    private static final byte[] IP4 = Ascii.bytes("IP4 ");
    private static final byte[] SPACE = Ascii.bytes(" ");
    private static final byte[] ANY_DESTINATION = Ascii.bytes("*");

    private Detours() {}

    /**
     * Plans the session's lines.
     *
     * @param moved whether some streams are not relayed, so that each stream gets its own address: a second session
     *     address would take the place of the first one, and a filter cannot name the sources of both kinds of stream
     */
    static void closeOfSession(SdpIndex index, boolean moved, SdpEdits edits) {
        byte[] buffer = index.buffer();
        int end = index.sectionEnd(SESSION);
        for (int line = index.sectionStart(SESSION); line < end; line = index.nextLine(line)) {
            if (moved && isSecondConnection(index, SESSION, line)) {
                edits.delete(line, index.nextLine(line), Why.SESSION_ADDRESS_MOVED);
            } else if (Ascii.startsWith(buffer, line, end, SOURCE_FILTER)) {
                sourceFilter(index, line, moved, edits);
            }
        }
    }

    /** Plans the lines of one relayed stream. */
    static void closeOfStream(SdpIndex index, int stream, SdpEdits edits) {
        byte[] buffer = index.buffer();
        int end = index.sectionEnd(stream);
        for (int line = index.sectionStart(stream); line < end; line = index.nextLine(line)) {
            if (isSecondConnection(index, stream, line)) {
                edits.delete(line, index.nextLine(line), Why.SECOND_ADDRESS);
            } else if (Ascii.startsWith(buffer, line, end, ALTERNATIVE)
                    || Ascii.startsWith(buffer, line, end, ALTERNATE)) {
                edits.delete(line, index.nextLine(line), Why.ALTERNATIVE_ADDRESS);
            } else if (Ascii.startsWith(buffer, line, end, SOURCE_FILTER)) {
                sourceFilter(index, line, false, edits);
            }
        }
    }

    private static boolean isSecondConnection(SdpIndex index, int stream, int line) {
        int row = Row.of(stream);
        int[] rows = index.rows();
        return (rows[row + FLAGS] & CONNECTION_LINE) != 0
                && line != rows[row + CONNECTION]
                && Ascii.startsWith(index.buffer(), line, index.sectionEnd(stream), CONNECTION_DATA);
    }

    /**
     * {@code incl SP nettype SP address-types SP dest-address SP src-list} (RFC 4570 3). The destination, unless it is
     * any, is an address of a c= line; the list becomes the relay's address. A filter that excludes sources harms no
     * relay.
     */
    private static void sourceFilter(SdpIndex index, int line, boolean remove, SdpEdits edits) {
        byte[] buffer = index.buffer();
        int next = index.nextLine(line);
        int end = index.contentEnd(line);
        int mode = Ascii.skipBlanks(buffer, line + SOURCE_FILTER.length, end);
        int modeEnd = Ascii.tokenEnd(buffer, mode, end);
        if (!Ascii.equalsIgnoreCase(buffer, mode, modeEnd, INCLUDE)) {
            return;
        }
        int addressType = ConnectionAddress.type(buffer, modeEnd, end);
        int destination = Ascii.skipBlanks(buffer, Ascii.tokenEnd(buffer, addressType, end), end);
        int destinationEnd = Ascii.tokenEnd(buffer, destination, end);
        if (remove || destination == end) { // Nobody can tell what an incomplete filter includes.
            edits.delete(line, next, Why.SOURCE_FILTER_REMOVED);
            return;
        }
        int mark = edits.textMark();
        edits.append(IP4);
        if (Ascii.equals(buffer, destination, destinationEnd, ANY_DESTINATION)) {
            edits.append(ANY_DESTINATION);
        } else {
            edits.appendAddress();
        }
        edits.append(SPACE);
        edits.appendAddress();
        edits.replace(addressType, end, mark, Why.SOURCE_FILTER);
    }
}
