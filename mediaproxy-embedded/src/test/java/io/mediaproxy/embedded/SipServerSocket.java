package io.mediaproxy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The SIP server's end of the back channel: a bound datagram socket. One character is one byte. */
public final class SipServerSocket implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\": \"([1-9a-f][0-9a-f]{0,7}|0)\"");

    private final Path path;
    private final AFUNIXDatagramChannel channel;
    private @Nullable SocketAddress sender;
    private String lastId = "";

    public SipServerSocket(Path path) {
        this.path = path;
        try {
            channel = AFUNIXDatagramChannel.open();
            channel.bind(AFUNIXSocketAddress.of(path));
            channel.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All datagrams that have arrived, oldest first. */
    public List<String> received() {
        List<String> datagrams = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try {
            for (SocketAddress from = channel.receive(buffer); from != null; from = channel.receive(buffer)) {
                sender = from;
                String datagram = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
                Matcher id = ID.matcher(datagram);
                lastId = id.find() ? id.group(1) : "";
                datagrams.add(datagram);
                buffer.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return datagrams;
    }

    /** As {@link #received}, with {@code ID} for each id. */
    public List<String> receivedWithoutIds() {
        return received().stream().map(SipServerSocket::withoutId).toList();
    }

    public static String withoutId(String datagram) {
        return ID.matcher(datagram).replaceFirst("\"id\": \"ID\"");
    }

    public static String endDialog(String dialogId) {
        return "{\"jsonrpc\": \"2.0\", \"id\": \"ID\", \"method\": \"dlg_end_dlg\", \"params\": [\"" + dialogId
                + "\"]}";
    }

    /** The id of the last datagram that was received. */
    public String lastId() {
        return lastId;
    }

    public Path sender() {
        return Path.of(((AFUNIXSocketAddress) Objects.requireNonNull(sender)).getPath());
    }

    /** Sends an answer to the sender of the last datagram. */
    public void answer(String text) {
        answer(channel, text);
    }

    /** As {@link #answer}, from an unbound socket. */
    public void answerFromNowhere(String text) {
        try (AFUNIXDatagramChannel unbound = AFUNIXDatagramChannel.open()) {
            answer(unbound, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(AFUNIXDatagramChannel from, String text) {
        try {
            from.send(ByteBuffer.wrap(ControlClient.bytes(text)), Objects.requireNonNull(sender));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the socket and leaves its file. */
    public void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        abandon();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
