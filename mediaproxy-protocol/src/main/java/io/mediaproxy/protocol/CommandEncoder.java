package io.mediaproxy.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bytes of a command in the format of the package description. Not thread-safe.
 *
 * <p>The values were checked when the command was built. Together they stay below the limits of Kamailio's buffers,
 * 8191 bytes for an update and 2047 for a remove. Without an array the same code only counts bytes.
 */
final class CommandEncoder {
    /** Room for any command. */
    static final int MAX_COMMAND_BYTES = 8191;

    /** The size of Kamailio's buffer for this header. The limits of all other values are fixed. */
    static final int MAX_MEDIA_BYTES = 4096;

    private final byte @Nullable [] out;
    private int pos;

    private CommandEncoder(byte @Nullable [] out) {
        this.out = out;
    }

    /**
     * Writes a command to the beginning of an array.
     *
     * @param out has {@link #MAX_COMMAND_BYTES}
     * @return the number of bytes written
     */
    static int encode(DispatcherCommand command, byte[] out) {
        CommandEncoder encoder = new CommandEncoder(out);
        encoder.command(command);
        return encoder.pos;
    }

    static int mediaLength(List<MediaStream> media) {
        CommandEncoder counter = new CommandEncoder(null);
        counter.streams(media);
        return counter.pos;
    }

    private void command(DispatcherCommand command) {
        text(command.name());
        endOfLine();
        if (command instanceof UpdateCommand update) {
            headers(update);
        } else {
            headers((RemoveCommand) command);
        }
        endOfLine();
    }

    private void headers(UpdateCommand command) {
        header("type: ", command.type().word);
        header("dialog_id: ", command.dialogId());
        header("call_id: ", command.callId());
        header("cseq: ", command.cseq());
        header("from_uri: ", command.fromUri());
        header("to_uri: ", command.toUri());
        header("from_tag: ", command.fromTag());
        header("to_tag: ", command.toTag());
        header("user_agent: ", command.userAgent());
        header("signaling_ip: ", command.signalingIp());
        header("media_relay: ", command.mediaRelay());
        if (!command.media().isEmpty()) {
            text("media: ");
            streams(command.media());
            endOfLine();
        }
    }

    private void headers(RemoveCommand command) {
        header("call_id: ", command.callId());
        header("from_tag: ", command.fromTag());
        header("to_tag: ", command.toTag());
    }

    private void streams(List<MediaStream> media) {
        for (int i = 0; i < media.size(); i++) {
            MediaStream stream = media.get(i);
            if (i > 0) {
                octet(',');
            }
            text(stream.type());
            octet(':');
            text(stream.address());
            octet(':');
            number(stream.port());
            octet(':');
            text(stream.direction());
            text(stream.ice() ? ":ice=yes" : ":ice=no");
        }
    }

    private void header(String nameColonSpace, String value) {
        text(nameColonSpace);
        text(value);
        endOfLine();
    }

    private void endOfLine() {
        octet('\r');
        octet('\n');
    }

    private void number(int value) {
        if (value >= 10) {
            number(value / 10);
        }
        octet('0' + value % 10);
    }

    private void octet(int value) {
        if (out != null) {
            out[pos] = (byte) value;
        }
        pos++;
    }

    private void text(String text) {
        if (out == null) {
            pos += HeaderValue.utf8Length(text);
            return;
        }
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                out[pos++] = (byte) c;
            } else {
                int codePoint = text.codePointAt(i);
                multiByte(codePoint);
                i += Character.charCount(codePoint) - 1;
            }
        }
    }

    /**
     * UTF-8 of two to four bytes (RFC 3629 3): the first byte encodes how many follow, each of which carries six bits.
     */
    private void multiByte(int codePoint) {
        if (codePoint < 0x800) {
            octet(0xC0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                octet(0xE0 | (codePoint >> 12));
            } else {
                octet(0xF0 | (codePoint >> 18));
                octet(0x80 | ((codePoint >> 12) & 0x3F));
            }
            octet(0x80 | ((codePoint >> 6) & 0x3F));
        }
        octet(0x80 | (codePoint & 0x3F));
    }
}
