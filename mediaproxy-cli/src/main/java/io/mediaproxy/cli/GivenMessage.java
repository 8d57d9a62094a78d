package io.mediaproxy.cli;

import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The message given on the command line: a SIP message, or bare SDP in an INVITE made for it.
 *
 * @param message the SIP message
 * @param sdpAlone whether only the body was given
 */
record GivenMessage(RawSipMessage message, boolean sdpAlone) {
    /** More than any SIP message: a datagram has at most 64 KiB, and messages over TCP are little longer. */
    static final int LARGEST = 1024 * 1024;

    private static final String STANDARD_INPUT = "-";
    private static final byte[] SDP_BEGINS = {'v', '='};

    /**
     * Reads the message.
     *
     * @param file {@code -} reads standard input
     * @param source the address from which it came
     * @throws CommandException if there is nothing to read or it is neither SIP nor SDP
     */
    static GivenMessage read(String file, InputStream in, String source) {
        String name = file.equals(STANDARD_INPUT) ? "standard input" : file;
        byte[] bytes = bytes(name, file, in);
        boolean sdpAlone = bytes.length >= SDP_BEGINS.length && bytes[0] == SDP_BEGINS[0] && bytes[1] == SDP_BEGINS[1];
        try {
            RawSipMessage message = RawSipMessage.parse(sdpAlone ? invite(bytes) : bytes, source);
            return new GivenMessage(message, sdpAlone);
        } catch (SipSyntaxException e) {
            throw CommandException.badInput(name + " is neither a SIP message nor SDP: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String name, String file, InputStream in) {
        byte[] bytes;
        try (InputStream input = file.equals(STANDARD_INPUT) ? in : Files.newInputStream(Path.of(file))) {
            bytes = input.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            throw CommandException.badInput("no such file: " + file, e);
        } catch (AccessDeniedException e) {
            throw CommandException.badInput(name + " cannot be read: permission denied", e);
        } catch (IOException | IllegalArgumentException e) { // the latter for an invalid path
            throw CommandException.badInput(name + " cannot be read: " + e.getMessage(), e);
        }
        if (bytes.length == 0) {
            throw CommandException.badInput(name + " is empty: expected a SIP message or SDP", null);
        }
        if (bytes.length > LARGEST) {
            throw CommandException.badInput(
                    name + " has more than " + LARGEST + " bytes: no SIP message is that long", null);
        }
        return bytes;
    }

    private static byte[] invite(byte[] sdp) {
        byte[] head = String.join(
                        "\r\n",
                        "INVITE sip:callee@example.org SIP/2.0",
                        "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-mediaproxy",
                        "From: <sip:caller@example.org>;tag=caller",
                        "To: <sip:callee@example.org>",
                        "Call-ID: mediaproxy@example.org",
                        "CSeq: 1 INVITE",
                        "User-Agent: mediaproxy",
                        "Content-Type: application/sdp",
                        "Content-Length: " + sdp.length,
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] invite = new byte[head.length + sdp.length];
        System.arraycopy(head, 0, invite, 0, head.length);
        System.arraycopy(sdp, 0, invite, head.length, sdp.length);
        return invite;
    }

    /** The given bytes. */
    byte[] bytes() {
        byte[] all = message.bodyArray();
        int start = message.bodyOffset();
        return sdpAlone ? Arrays.copyOfRange(all, start, start + message.bodyLength()) : all;
    }

    /** The given bytes with another body. */
    byte[] withBody(byte[] body) {
        return sdpAlone ? body : message.withBody(body);
    }
}
