package io.mediaproxy.junit;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.embedded.EmbeddedRelay;
import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A JUnit extension for tests of a SIP server: a MediaProxy dispatcher with relays inside the JVM, on a socket that
 * does not change.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MediaProxyExtension media = MediaProxyExtension.builder().manualClock().build();
 *
 * @Test
 * void callGoesThroughTheRelay(@DispatcherSocket Path socket) {
 *     MyServer server = new MyServer(socket);
 *     ...
 *     ReceivedCommand offer = media.takeCommand(Duration.ofSeconds(2));
 *     media.awaitSessions(0, Duration.ofSeconds(2));
 * }
 * }</pre>
 *
 * <p>In a static field it starts one dispatcher for the class, and a new one on the same socket for each test, so that
 * no test sees the calls of another. In an instance field it has a socket for each test. Test classes may run in
 * parallel, since each extension has its own socket; the tests of a class with a static field may not.
 *
 * <p>After a test it fails if the test left something: a session at the relay, a call that was removed twice, a call
 * that timed out and was not removed, a fault that no command met. It waits a second for what the server still sends.
 * {@link AllowLeftovers} switches that off. The failure of any other test has all commands as a suppressed exception.
 *
 * <p>Thread-safe.
 */
public final class MediaProxyExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private static final Duration LAST_COMMANDS_PATIENCE = Duration.ofSeconds(1);

    private final int relays;
    private final boolean backChannel;
    private final boolean manualClock;

    /** How many classes, nested in each other, use this from a static field. */
    private int classes;

    private @Nullable SocketFolder folder;
    private volatile @Nullable RunningDispatcher running;

    private MediaProxyExtension(Builder builder) {
        relays = builder.relays;
        backChannel = builder.backChannel;
        manualClock = builder.manualClock;
    }

    /**
     * Configures an extension.
     *
     * @return a builder for one relay, no back channel, and the system's clock
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the socket of the dispatcher.
     *
     * @return the same as a parameter with {@link DispatcherSocket}
     */
    public Path socket() {
        return folder().resolve("dispatcher.sock");
    }

    /**
     * Starts the configuration of a {@link MediaProxy} that is connected to the dispatcher, with its back channel if
     * there is one.
     *
     * @return to be built and closed by the test
     */
    public MediaProxyBuilder mediaProxy() {
        MediaProxyBuilder builder = MediaProxy.builder().dispatcherSocket(socket());
        return backChannel
                ? builder.backChannel(
                        BackChannelConfig.builder(backChannelSocket()).build())
                : builder;
    }

    /**
     * Returns the datagram socket where the dispatcher expects the SIP server.
     *
     * @return for {@code BackChannelConfig.builder(path)}
     * @throws IllegalStateException if the extension has no back channel
     */
    public Path backChannelSocket() {
        if (!backChannel) {
            throw new IllegalStateException("there is no back channel: build the extension with backChannel(true)");
        }
        return folder().resolve("socket");
    }

    /**
     * Returns the dispatcher, for what this class does not offer.
     *
     * @return of the current test; not to be closed
     */
    public EmbeddedDispatcher dispatcher() {
        return running().dispatcher();
    }

    /**
     * Returns the relays, to stop one or to look at its sessions.
     *
     * @return of the current test; not to be closed
     */
    public List<EmbeddedRelay> relays() {
        return running().relays();
    }

    /**
     * Waits for the next command, in the order of arrival.
     *
     * @param patience how long
     * @return the command, which is about to be executed
     * @throws AssertionError if none comes; the message has the transcript so far
     */
    public ReceivedCommand takeCommand(Duration patience) {
        Transcript transcript = running().transcript();
        try {
            ReceivedCommand command = transcript.take(patience);
            if (command == null) {
                throw new AssertionError("no command came within " + patience + "; the transcript:\n" + transcript);
            }
            return command;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a command", e);
        }
    }

    /**
     * Returns all commands of the current test, also those that were taken.
     *
     * @return in the order of arrival
     */
    public List<ReceivedCommand> commands() {
        return running().transcript().commands();
    }

    /**
     * Applies a fault to the next command.
     *
     * @param fault has to meet a command before the test ends
     */
    public void inject(Fault fault) {
        running().inject(fault);
    }

    /**
     * Lets time pass for the dispatcher and the relays, and does what is due then: streams without media time out,
     * delayed replies are sent. The clocks of the server under test go on as they do.
     *
     * @param time not negative
     * @throws IllegalStateException if the clock is the system's
     */
    public void advance(Duration time) {
        running().advance(time);
    }

    /**
     * Waits until the relays have a number of sessions.
     *
     * @param count of sessions
     * @param patience how long
     * @throws AssertionError if they have another number until then; the message has the transcript
     */
    public void awaitSessions(int count, Duration patience) {
        if (!running().awaitSessions(count, patience)) {
            throw new AssertionError("expected " + count + " sessions within " + patience + ", but there are "
                    + dispatcher().sessions().size() + "; the transcript:\n"
                    + running().transcript());
        }
    }

    /**
     * Sends an RTP packet of a party to the relay, on each stream of an answered call. The relay forwards the packets
     * of one party when it has heard the other one.
     *
     * @param callId as the dispatcher knows it
     * @param from who sends
     * @throws AssertionError if the relay has no such session
     */
    public void sendRtp(String callId, Side from) {
        running().sendRtp(callId, from);
    }

    /**
     * Waits for a packet of the other party, on the first stream.
     *
     * @param callId as the dispatcher knows it
     * @param to who listens, after having sent a packet
     * @param patience how long
     * @throws AssertionError if none comes
     */
    public void awaitRtp(String callId, Side to, Duration patience) {
        if (!running().hearsRtp(callId, to, patience)) {
            throw new AssertionError("no RTP came for the " + to + " of call " + callId + " within " + patience);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0) {
            start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (classes > 0) {
            stop();
        }
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        RunningDispatcher used = running();
        Optional<Throwable> failure = context.getExecutionException();
        failure.ifPresent(thrown -> thrown.addSuppressed(new TranscriptOfFailure(used.transcript())));
        List<String> leftovers =
                failure.isPresent() || mayLeave(context) ? List.of() : used.leftovers(LAST_COMMANDS_PATIENCE);
        if (classes == 0) {
            stop();
            deleteFolder();
        }
        if (!leftovers.isEmpty()) {
            throw new AssertionError(
                    "the test left: " + String.join("; ", leftovers) + "; the transcript:\n" + used.transcript());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            stop();
            deleteFolder();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(DispatcherSocket.class)
                && parameter.getParameter().getType() == Path.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return socket();
    }

    private static boolean mayLeave(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getTestMethod(), AllowLeftovers.class)
                || AnnotationSupport.isAnnotated(context.getTestClass(), AllowLeftovers.class);
    }

    private void start() {
        running = new RunningDispatcher(socket(), relays, backChannel ? backChannelSocket() : null, manualClock);
    }

    private void stop() {
        RunningDispatcher old = running;
        if (old != null) {
            running = null;
            old.close();
        }
    }

    private RunningDispatcher running() {
        RunningDispatcher now = running;
        if (now == null) {
            throw new IllegalStateException("no test runs: the field has to be annotated with @RegisterExtension");
        }
        return now;
    }

    private synchronized Path folder() {
        if (folder == null) {
            folder = SocketFolder.create();
        }
        return folder.path();
    }

    private synchronized void deleteFolder() {
        if (folder != null) {
            folder.delete();
            folder = null;
        }
    }

    /** Configures an extension. Not thread-safe. */
    public static final class Builder {
        private int relays = 1;
        private boolean backChannel;
        private boolean manualClock;

        private Builder() {}

        /**
         * Sets the number of relays, with the addresses 127.0.0.1, 127.0.0.2 and so on.
         *
         * @param number 0 to 200; default: 1
         * @return this
         * @throws IllegalArgumentException if it is out of its range
         */
        public Builder relays(int number) {
            if (number < 0 || number > 200) {
                throw new IllegalArgumentException("relays must be 0 to 200, got " + number);
            }
            relays = number;
            return this;
        }

        /**
         * Whether the dispatcher asks the server to end calls whose media stopped. Then the server has to listen at
         * {@link MediaProxyExtension#backChannelSocket()} before a call times out, as
         * {@link MediaProxyExtension#mediaProxy()} does.
         *
         * @param value default: false
         * @return this
         */
        public Builder backChannel(boolean value) {
            backChannel = value;
            return this;
        }

        /**
         * Stops the clock of the dispatcher and the relays: it moves only by {@link MediaProxyExtension#advance}.
         *
         * @return this
         */
        public Builder manualClock() {
            manualClock = true;
            return this;
        }

        /**
         * Makes the extension. It starts nothing.
         *
         * @return for a field with {@code @RegisterExtension}
         */
        public MediaProxyExtension build() {
            return new MediaProxyExtension(this);
        }
    }
}
