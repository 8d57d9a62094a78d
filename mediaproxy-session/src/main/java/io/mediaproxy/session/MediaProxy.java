package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the {@code mediaproxy} module. One instance serves a whole SIP server; it is safe for use by many threads.
 *
 * <p>None of the functions throws because of a message or a dispatcher: what went wrong is in the result, and the message
 * stays as it was. The asynchronous forms never block and complete on the dispatcher client's own thread, so that what is
 * chained to them must not block either; the other forms wait for the result, at most the configured timeout.
 */
public final class MediaProxy implements AutoCloseable {
    private static final MediaProxyResult DISABLED =
            MediaProxyResult.of(Outcome.DISABLED, "mediaproxy is disabled, nothing was done");

    /** Null where the module is disabled; then there is no client either. */
    private final @Nullable Functions functions;

    private record Functions(
            DispatcherClient client, KeptRemovals kept, UseMediaProxy useMediaProxy, EndMediaSession endMediaSession) {}

    private MediaProxy(Builder builder) {
        functions = builder.disabled ? null : functions(builder);
    }

    private static Functions functions(Builder builder) {
        MediaProxyConfig config = new MediaProxyConfig(builder.signalingIp, builder.mediaRelay, builder.iceCandidate);
        if (!builder.mediaRelay.isEmpty()) {
            RelayEndpoints.of(builder.mediaRelay); // refuses what is no address now, not call by call
        }
        LateUpdates lateUpdates = new LateUpdates();
        DispatcherConfig dispatcher = builder.dispatcher
                .apply(DispatcherConfig.builder(builder.dispatcherSocket).timeout(builder.timeout))
                .lateUpdate((command, endpoints) -> lateUpdates.listener.accept(command))
                .build();
        DispatcherClient client = DispatcherClient.open(dispatcher);
        SessionLedger ledger = new SessionLedger();
        KeptRemovals kept = new KeptRemovals(
                client, ledger::hasUpdateInFlight, dispatcher.retryInterval(), dispatcher.clock()::nanoTime);
        EndMediaSession end = new EndMediaSession(client, ledger, kept);
        lateUpdates.listener = command -> {
            if (ledger.updateSucceededLate(command.callId())) {
                end.removeOrphan(command);
            }
        };
        return new Functions(client, kept, new UseMediaProxy(config, client, ledger, end), end);
    }

    /** The client has to be told whom to tell before there is anyone; it has nothing to tell before its first command. */
    private static final class LateUpdates {
        private volatile Consumer<UpdateCommand> listener = command -> {};
    }

    /** Starts from the module's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@code use_media_proxy()}: has the relay take part in the media that the message's SDP describes. To be called for
     * every message that carries an offer or an answer, requests and replies, and for a 200 to INVITE without SDP.
     *
     * @param message is read before this returns, but for the body, which has to stay as it is until the result is there
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> useMediaProxyAsync(SipMessageView message, CallAttributes attributes) {
        return functions == null
                ? CompletableFuture.completedFuture(DISABLED)
                : functions.useMediaProxy().call(message, attributes);
    }

    /** {@link #useMediaProxyAsync}, and waits for it. */
    public MediaProxyResult useMediaProxy(SipMessageView message, CallAttributes attributes) {
        return useMediaProxyAsync(message, attributes).join();
    }

    /** {@link #useMediaProxy(SipMessageView, CallAttributes)} with everything as configured. */
    public MediaProxyResult useMediaProxy(SipMessageView message) {
        return useMediaProxy(message, CallAttributes.NONE);
    }

    /**
     * {@code end_media_session()}: has the relay forget the call that the message belongs to. To be called when the call is
     * over, for the BYE, the CANCEL or the failure of its first INVITE, once; of a call that forks, at the end of the whole fork.
     * Replies of that call get no relay any more, until a request begins anew.
     *
     * <p>A removal that cannot be delivered is kept and tried again, until it is answered or the relay's own timeout (two
     * hours, its longest) has passed.
     *
     * @return completes when the dispatcher has answered or failed to, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(SipMessageView message) {
        return functions == null
                ? CompletableFuture.completedFuture(DISABLED)
                : functions.endMediaSession().call(message);
    }

    /** {@link #endMediaSessionAsync}, and waits for it. */
    public MediaProxyResult endMediaSession(SipMessageView message) {
        return endMediaSessionAsync(message).join();
    }

    /** Removals that could not be delivered yet and are tried again; at most 10,000 are kept. */
    public int keptRemovals() {
        return functions == null ? 0 : functions.kept().size();
    }

    /** Fails what is in progress and frees the connections and threads. Sessions stay at the relay, which has timeouts of its own. */
    @Override
    public void close() {
        if (functions != null) {
            functions.kept().close();
            functions.client().close();
        }
    }

    /** The module's parameters. */
    public static final class Builder {
        private boolean disabled;
        private Path dispatcherSocket = DispatcherConfig.DEFAULT_SOCKET;
        private Duration timeout = Duration.ofMillis(500);
        private BiFunction<SipMessageView, CallAttributes, String> signalingIp = (message, attributes) -> {
            String own = attributes.signalingIp();
            return own == null ? message.sourceAddress() : own;
        };
        private String mediaRelay = "";
        private IceCandidate iceCandidate = IceCandidate.NONE;
        private UnaryOperator<DispatcherConfig.Builder> dispatcher = UnaryOperator.identity();

        private Builder() {}

        /** {@code disable}: every function has no effect and says so. Default: false. */
        public Builder disabled(boolean value) {
            disabled = value;
            return this;
        }

        /** {@code mediaproxy_socket}. Default: {@code /run/mediaproxy/dispatcher.sock}. */
        public Builder dispatcherSocket(Path value) {
            dispatcherSocket = value;
            return this;
        }

        /** {@code mediaproxy_timeout}, for each command as a whole. Default: 500 ms. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * {@code signaling_ip_avp}: gives the address to tell the dispatcher for a message of a call with these attributes.
         * Default: the call's own {@link CallAttributes#signalingIp()}, else {@link SipMessageView#sourceAddress()}.
         */
        public Builder signalingIp(BiFunction<SipMessageView, CallAttributes, String> value) {
            signalingIp = value;
            return this;
        }

        /** {@code media_relay_avp}, for calls without one of their own. Default: empty, the dispatcher chooses. */
        public Builder mediaRelay(String value) {
            mediaRelay = value;
            return this;
        }

        /** {@code ice_candidate}, for calls without one of their own. Default: {@link IceCandidate#NONE}. */
        public Builder iceCandidate(IceCandidate value) {
            iceCandidate = value;
            return this;
        }

        /** The limits of the dispatcher's client that the module has no parameter for, such as its number of connections. */
        public Builder dispatcher(UnaryOperator<DispatcherConfig.Builder> value) {
            dispatcher = value;
            return this;
        }

        /**
         * Starts the client. No connection is made before the first command, so that a dispatcher may come later.
         *
         * @throws IllegalArgumentException if a value is out of its range
         * @throws io.mediaproxy.protocol.DispatcherUnreachableException if this system has no UNIX sockets for us
         */
        public MediaProxy build() {
            return new MediaProxy(this);
        }
    }
}
