package io.mediaproxy.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A dispatcher that is controlled by the test, step by step and on the test's thread. */
final class ScriptedDispatcher implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Path directory;
    private final Path socket;
    private final List<Peer> peers = new ArrayList<>();
    private @Nullable AFUNIXServerSocket server;

    /** Creates a dispatcher that does not listen yet. */
    static ScriptedDispatcher absent() {
        return new ScriptedDispatcher();
    }

    static ScriptedDispatcher listening() {
        ScriptedDispatcher dispatcher = new ScriptedDispatcher();
        dispatcher.listen();
        return dispatcher;
    }

    private ScriptedDispatcher() {
        try {
            directory = Files.createTempDirectory("mediaproxy");
            socket = directory.resolve("d.sock");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path socket() {
        return socket;
    }

    /** Returns a client's configuration for this dispatcher, with a clock that is moved by hand. */
    DispatcherConfig.Builder config(ManualClock clock) {
        return DispatcherConfig.builder(socket)
                .clock(clock)
                .timeout(Duration.ofMillis(500))
                .threadName("client-of-" + directory.getFileName());
    }

    void listen() {
        try {
            Files.deleteIfExists(socket);
            AFUNIXServerSocket listener = AFUNIXServerSocket.newInstance();
            listener.bind(AFUNIXSocketAddress.of(socket), 50);
            server = listener;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes all sockets without removing the socket file, like a killed process. */
    void kill() {
        try {
            listener().setDeleteOnClose(false);
            listener().close();
            for (Peer peer : peers) {
                peer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AFUNIXServerSocket listener() {
        return Objects.requireNonNull(server, "not listening");
    }

    Peer accept() {
        return accept(PATIENCE_MILLIS);
    }

    /**
     * Returns whether the client did not connect. Only valid when the client has done all work that could make it
     * connect.
     */
    boolean hasNoNewConnection() {
        try {
            accept(1);
            return false;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                return true;
            }
            throw e;
        }
    }

    private Peer accept(int millis) {
        try {
            listener().setSoTimeout(millis);
            AFUNIXSocket accepted = listener().accept();
            accepted.setSoTimeout(PATIENCE_MILLIS);
            Peer peer = new Peer(accepted);
            peers.add(peer);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        for (Peer peer : peers) {
            peer.close();
        }
        Files.deleteIfExists(socket);
        Files.delete(directory);
    }

    /** The dispatcher's end of one connection. */
    static final class Peer {
        private static final byte[] END = {'\r', '\n', '\r', '\n'};

        private final AFUNIXSocket socket;

        private Peer(AFUNIXSocket socket) {
            this.socket = socket;
        }

        /** Waits for one command, and returns it with its empty line. */
        String readCommand() {
            String command = readCommandOrEnd();
            if (command.isEmpty()) {
                throw new AssertionError("end of stream instead of a command");
            }
            return command;
        }

        /** Returns as {@link #readCommand}, or empty if the client closes the connection instead. */
        String readCommandOrEnd() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int matched = 0;
            try {
                while (matched < END.length) {
                    int b = socket.getInputStream().read();
                    if (b < 0 && bytes.size() == 0) {
                        return "";
                    }
                    if (b < 0) {
                        throw new AssertionError("end of stream after: " + bytes.toString(StandardCharsets.UTF_8));
                    }
                    bytes.write(b);
                    matched = b == END[matched] ? matched + 1 : b == '\r' ? 1 : 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }

        /** Waits for one command and returns its Call-ID. */
        String readCall() {
            String command = readCommand();
            int start = command.indexOf("call_id: ") + "call_id: ".length();
            return command.substring(start, command.indexOf('\r', start));
        }

        Peer reply(String bytes) {
            try {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /** Waits until the client closes the connection. Fails on any byte before that. */
        void awaitEnd() {
            try {
                int b = socket.getInputStream().read();
                if (b >= 0) {
                    throw new AssertionError("expected the end of the stream, got byte " + b);
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the client did not close the connection", e);
            } catch (IOException e) {
                // A reset ends the connection too: the client left bytes unread.
                if (e.getMessage() == null || !e.getMessage().contains("reset")) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /**
         * Returns whether the client wrote nothing. Only valid when the client has done all work that could make it
         * write.
         */
        boolean isSilent() {
            try {
                return socket.getInputStream().available() == 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for a command, and closes the connection before all of it was read. */
        void closeUnread() {
            try {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    throw new AssertionError("end of stream");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            close();
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
