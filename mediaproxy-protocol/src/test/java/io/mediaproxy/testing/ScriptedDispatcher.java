package io.mediaproxy.testing;

import io.mediaproxy.protocol.DispatcherConfig;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A dispatcher without a relay. The test plays it on its own thread: it accepts connections, reads commands and
 * replies. Or {@link #answering} replies to every command on threads of its own. Thread-safe.
 */
public final class ScriptedDispatcher implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Path directory;
    private final Path socket;
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile String answer = "error\r\n";
    private @Nullable AFUNIXServerSocket server;

    /** Makes one that does not listen yet. */
    public static ScriptedDispatcher absent() {
        return new ScriptedDispatcher();
    }

    /** Makes one that the test plays. */
    public static ScriptedDispatcher listening() {
        ScriptedDispatcher dispatcher = new ScriptedDispatcher();
        dispatcher.listen();
        return dispatcher;
    }

    /** Makes one that replies what {@link #answer} was given last, at first {@code error}, and keeps the commands. */
    public static ScriptedDispatcher answering() {
        ScriptedDispatcher dispatcher = listening();
        dispatcher.serve(command -> {
            dispatcher.commands.add(command);
            return dispatcher.answer;
        });
        return dispatcher;
    }

    /** Makes one that replies with the function's result for the command, and keeps nothing. */
    public static ScriptedDispatcher answering(UnaryOperator<String> reply) {
        ScriptedDispatcher dispatcher = listening();
        dispatcher.serve(reply);
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

    public Path socket() {
        return socket;
    }

    /** Sets the reply to each of the next commands, with its line end, and forgets the commands so far. */
    public void answer(String reply) {
        answer = reply;
        commands.clear();
    }

    /** Returns the commands since {@link #answer}. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** Replies from now on with the function's result for each command, on threads of its own. */
    public void serve(UnaryOperator<String> reply) {
        for (Peer peer : peers) {
            start(() -> serve(peer, reply));
        }
        AFUNIXServerSocket listener = listener();
        start(() -> {
            try {
                while (true) {
                    Peer peer = accept(0, 0);
                    start(() -> serve(peer, reply));
                }
            } catch (UncheckedIOException e) {
                if (!listener.isClosed()) {
                    throw e;
                }
            }
        });
    }

    private static void serve(Peer peer, UnaryOperator<String> reply) {
        try (peer) {
            String command = peer.readCommandOrEnd();
            while (!command.isEmpty()) {
                peer.reply(reply.apply(command));
                command = peer.readCommandOrEnd();
            }
        } catch (UncheckedIOException e) {
            if (!peer.socket.isClosed()) {
                throw e;
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-dispatcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the configuration of a client for this dispatcher. */
    public DispatcherConfig.Builder config(ManualClock clock) {
        return DispatcherConfig.builder(socket)
                .clock(clock)
                .timeout(Duration.ofMillis(500))
                .threadName("client-of-" + directory.getFileName());
    }

    public void listen() {
        try {
            Files.deleteIfExists(socket);
            AFUNIXServerSocket listener = AFUNIXServerSocket.newInstance();
            listener.bind(AFUNIXSocketAddress.of(socket), 50);
            server = listener;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends without removing the socket's file, like a killed process. */
    public void kill() {
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

    /** Waits for the next connection. */
    public Peer accept() {
        return accept(PATIENCE_MILLIS, PATIENCE_MILLIS);
    }

    /** Returns whether no client has connected; call it after the client has done what could make it connect. */
    public boolean hasNoNewConnection() {
        try {
            accept(1, PATIENCE_MILLIS);
            return false;
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                return true;
            }
            throw e;
        }
    }

    private Peer accept(int millis, int readMillis) {
        try {
            listener().setSoTimeout(millis);
            AFUNIXSocket accepted = listener().accept();
            accepted.setSoTimeout(readMillis);
            Peer peer = new Peer(accepted);
            peers.add(peer);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
            for (Peer peer : peers) {
                peer.close();
            }
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The dispatcher's end of one connection. Not thread-safe. */
    public static final class Peer implements AutoCloseable {
        private static final byte[] END = {'\r', '\n', '\r', '\n'};

        private final AFUNIXSocket socket;
        private final InputStream in;

        private Peer(AFUNIXSocket socket) throws IOException {
            this.socket = socket;
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** Waits for one command; returns it with its empty line. */
        public String readCommand() {
            String command = readCommandOrEnd();
            if (command.isEmpty()) {
                throw new AssertionError("end of stream instead of a command");
            }
            return command;
        }

        /** Waits for one command; returns an empty string if the client closes the connection instead. */
        public String readCommandOrEnd() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int matched = 0;
            try {
                while (matched < END.length) {
                    int b = in.read();
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
        public String readCall() {
            String command = readCommand();
            int start = command.indexOf("call_id: ") + "call_id: ".length();
            return command.substring(start, command.indexOf('\r', start));
        }

        /** Sends these bytes. */
        public Peer reply(String bytes) {
            try {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        /** Waits until the client closes the connection; any byte before that is an error. */
        public void awaitEnd() {
            try {
                int b = in.read();
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

        /** Returns whether the client has sent nothing; call it after the client has done what could make it write. */
        public boolean isSilent() {
            try {
                return in.available() == 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for the first byte of a command and closes the connection. */
        public void closeUnread() {
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

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
