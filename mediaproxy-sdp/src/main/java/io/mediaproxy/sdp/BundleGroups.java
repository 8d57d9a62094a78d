package io.mediaproxy.sdp;

import static io.mediaproxy.sdp.Row.*;

import java.util.Arrays;

/**
 * The BUNDLE groups of one SDP (RFC 9143): streams that share one transport, and so its ICE session and its port.
 *
 * <pre>
 *   a=group:BUNDLE audio video      at session level: the identification tags, that of the transport's stream first
 *   a=mid:audio                     below m=: the stream's tag (RFC 5888)
 * </pre>
 *
 * <p>Few callers ask for groups, so that the scan leaves these lines alone and they are read here, when needed. Costs
 * one pass over the SDP, and for each tag at most one comparison per stream. Not thread-safe.
 */
final class BundleGroups {
    private static final byte[] GROUP = Ascii.bytes("a=group:BUNDLE");
    private static final byte[] MID = Ascii.bytes("a=mid:");

    /** The row of a stream in no group. */
    private static final int NO_GROUP = 0;

    private final SdpIndex index;

    // For each stream: its group, counted from 1; the place of its tag among the tags of all groups; its tag.
    private int[] groups = {};
    private int[] places = {};
    private int[] tags = {};
    private int[] tagEnds = {};
    private boolean read;

    BundleGroups(SdpIndex index) {
        this.index = index;
    }

    /** Forgets the SDP before. */
    void clear() {
        read = false;
    }

    /** Whether a stream of this stream's group, perhaps itself, has ICE credentials of its own. */
    boolean hasCredentials(int stream) {
        if (!anyCredentials()) {
            return false;
        }
        read();
        for (int other = 0; other < index.streamCount(); other++) {
            if (hasOwnCredentials(other) && shareGroup(stream, other)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyCredentials() {
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (hasOwnCredentials(stream)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasOwnCredentials(int stream) {
        return Row.hasCredentials(index.rows()[Row.of(stream) + FLAGS]);
    }

    /** The relay's port for the first live stream of this stream's group, whose transport the others share, or 0. */
    int relayPort(int stream, RelayEndpoints relay) {
        read();
        int[] rows = index.rows();
        int port = 0;
        int first = Integer.MAX_VALUE;
        int supported = 0;
        for (int other = 0; other < index.streamCount(); other++) {
            int row = Row.of(other);
            if ((rows[row + FLAGS] & SUPPORTED) == 0) {
                continue;
            }
            boolean live = rows[row + PORT] != 0 && supported < relay.count() && relay.port(supported) != 0;
            if (live && !index.isLeftAlone(other) && shareGroup(stream, other) && places[other] < first) {
                first = places[other];
                port = relay.port(supported);
            }
            supported++;
        }
        return port;
    }

    private boolean shareGroup(int stream, int other) {
        return groups[stream] != NO_GROUP && groups[stream] == groups[other];
    }

    private void read() {
        if (read) {
            return;
        }
        int streams = index.streamCount();
        if (groups.length < streams) {
            groups = new int[streams];
            places = new int[streams];
            tags = new int[streams];
            tagEnds = new int[streams];
        }
        Arrays.fill(groups, 0, streams, NO_GROUP);
        for (int stream = 0; stream < streams; stream++) {
            readTag(stream);
        }
        readGroups();
        read = true;
    }

    private void readTag(int stream) {
        byte[] buffer = index.buffer();
        tags[stream] = 0;
        tagEnds[stream] = 0;
        int end = index.sectionEnd(stream);
        for (int line = index.sectionStart(stream); line < end; line = index.nextLine(line)) {
            if (Ascii.startsWith(buffer, line, end, MID)) {
                int lineEnd = index.contentEnd(line);
                tags[stream] = Ascii.skipBlanks(buffer, line + MID.length, lineEnd);
                tagEnds[stream] = Ascii.tokenEnd(buffer, tags[stream], lineEnd);
                return;
            }
        }
    }

    private void readGroups() {
        byte[] buffer = index.buffer();
        int group = NO_GROUP;
        int place = 0;
        int end = index.sectionEnd(SESSION);
        for (int line = index.sectionStart(SESSION); line < end; line = index.nextLine(line)) {
            if (!Ascii.startsWith(buffer, line, end, GROUP)) {
                continue;
            }
            group++;
            int lineEnd = index.contentEnd(line);
            int tag = line + GROUP.length;
            if (Ascii.tokenEnd(buffer, tag, lineEnd) != tag) {
                continue; // Another semantics that begins with the same letters.
            }
            for (tag = Ascii.skipBlanks(buffer, tag, lineEnd); tag < lineEnd; place++) {
                int tagEnd = Ascii.tokenEnd(buffer, tag, lineEnd);
                join(group, place, tag, tagEnd);
                tag = Ascii.skipBlanks(buffer, tagEnd, lineEnd);
            }
        }
    }

    /** A stream is in one group at most (RFC 9143 7.1). Tolerated: more, of which the first one counts. */
    private void join(int group, int place, int tag, int tagEnd) {
        byte[] buffer = index.buffer();
        for (int stream = 0; stream < index.streamCount(); stream++) {
            if (groups[stream] == NO_GROUP
                    && Arrays.equals(buffer, tag, tagEnd, buffer, tags[stream], tagEnds[stream])) {
                groups[stream] = group;
                places[stream] = place;
                return;
            }
        }
    }
}
