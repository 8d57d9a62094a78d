package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherClient;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.backchannel.BackChannel;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.sdp.RelayEndpoints;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
            DispatcherClient client,
            KeptRemovals kept,
            MediaSessions sessions,
            @Nullable BackChannel backChannel,
            MediaTimeouts mediaTimeouts,
            UseMediaProxy useMediaProxy,
            EndMediaSession endMediaSession,
            EngageMediaProxy engageMediaProxy) {}

    private final EngagedCalls engagedCalls;

    private MediaProxy(Builder builder) {
        engagedCalls = builder.disabled ? EngagedCalls.disabled(DISABLED) : new EngagedCalls();
        functions = builder.disabled ? null : functions(builder, engagedCalls);
    }

    private static Functions functions(Builder builder, EngagedCalls engaged) {
        MediaProxyConfig config = new MediaProxyConfig(
                builder.signalingIp,
                builder.mediaRelay,
                builder.iceCandidate,
                builder.dialogTimeout,
                builder.earlyDialogTimeout);
        if (!builder.mediaRelay.isEmpty()) {
            RelayEndpoints.of(builder.mediaRelay); // refuses what is no address now, not call by call
        }
        DispatcherConfig dispatcher = builder.dispatcher
                .apply(DispatcherConfig.builder(builder.dispatcherSocket).timeout(builder.timeout))
                .build();
        DispatcherClient client = DispatcherClient.open(dispatcher);
        LongSupplier nanoTime = dispatcher.clock()::nanoTime;
        SessionLedger ledger = new SessionLedger();
        KeptRemovals kept = new KeptRemovals(client, ledger::hasUpdateInFlight, dispatcher.retryInterval(), nanoTime);
        EndMediaSession end = new EndMediaSession(client, ledger, kept);
        Updates updates = new Updates(client, ledger, end);
        boolean hasListener = builder.backChannel != null;
        MediaSessions sessions = new MediaSessions(config, updates, end, nanoTime, hasListener);
        UseMediaProxy use = new UseMediaProxy(config, ledger, sessions);
        MediaTimeouts mediaTimeouts = new MediaTimeouts(sessions, engaged);
        @Nullable BackChannel backChannel = null;
        if (builder.backChannel != null) {
            try {
                backChannel = BackChannel.open(builder.backChannel, mediaTimeouts);
            } catch (RuntimeException e) {
                client.close();
                throw e;
            }
        }
        EngageMediaProxy engage = new EngageMediaProxy(sessions, engaged, ledger);
        return new Functions(client, kept, sessions, backChannel, mediaTimeouts, use, end, engage);
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
        if (functions == null) {
            return disabled();
        }
        @Nullable MediaProxyResult mixed = mixed(functions, message);
        return mixed == null
                ? functions.useMediaProxy().call(message, attributes)
                : CompletableFuture.completedFuture(mixed);
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
        if (functions == null) {
            return disabled();
        }
        @Nullable MediaProxyResult mixed = mixed(functions, message);
        return mixed == null ? functions.endMediaSession().call(message) : CompletableFuture.completedFuture(mixed);
    }

    /** Null: nobody else sees to this call. */
    private static @Nullable MediaProxyResult mixed(Functions functions, SipMessageView message) {
        if (functions.sessions().size() == 0) {
            return null;
        }
        String callId;
        try {
            callId = CallFields.callId(message);
        } catch (RuntimeException e) { // of the view
            return MediaProxyResult.failed(e);
        }
        return functions.sessions().find(callId) == null
                ? null
                : MediaProxyResult.failed("call " + callId + " is engaged, or has a MediaSession: use_media_proxy and"
                        + " end_media_session cannot be mixed with that");
    }

    /** {@link #endMediaSessionAsync}, and waits for it. */
    public MediaProxyResult endMediaSession(SipMessageView message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code engage_media_proxy()}: has the relay take part in the media of the whole call that this INVITE begins, until it ends.
     * To be called once, for the INVITE that has no To tag yet; its own SDP is seen to as well. From then on every message of the
     * call is given to {@link EngagedCalls#followAsync}, which an adapter does by itself.
     *
     * <p>Cannot be mixed with {@code use_media_proxy} and {@code end_media_session} on one call: what was called second is refused.
     *
     * @param invite is read before this returns, but for the body, which has to stay as it is until the result is there
     * @param attributes of the call, for all its messages
     * @return as of {@link #useMediaProxyAsync}; also {@link Outcome#NO_SDP} (-2) for an INVITE without an offer, which is engaged
     *     all the same
     */
    public CompletableFuture<MediaProxyResult> engageMediaProxyAsync(SipMessageView invite, CallAttributes attributes) {
        return functions == null ? disabled() : functions.engageMediaProxy().call(invite, attributes);
    }

    /** {@link #engageMediaProxyAsync}, and waits for it. */
    public MediaProxyResult engageMediaProxy(SipMessageView invite, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, attributes).join();
    }

    /** {@link #engageMediaProxy(SipMessageView, CallAttributes)} with everything as configured. */
    public MediaProxyResult engageMediaProxy(SipMessageView invite) {
        return engageMediaProxy(invite, CallAttributes.NONE);
    }

    /** The calls that {@link #engageMediaProxy} was called for. */
    public EngagedCalls engagedCalls() {
        return engagedCalls;
    }

    /**
     * The session of one call, for servers whose calls have several Call-IDs: the one that is there, or a new one.
     *
     * @param callId of the call's first INVITE
     * @param fromTag the caller's, of that INVITE
     * @throws IllegalArgumentException if one of them is empty
     * @throws io.mediaproxy.protocol.CommandRefusedException if the dispatcher could not be told of them
     * @throws IllegalStateException if the call is engaged, has another From tag, or {@code use_media_proxy} was called for it
     */
    public MediaSession session(String callId, String fromTag) {
        if (callId.isEmpty() || fromTag.isEmpty()) {
            throw new IllegalArgumentException(
                    "a session has a Call-ID and a From tag, not \"" + callId + "\" and \"" + fromTag + '"');
        }
        return new MediaSession(
                callId,
                fromTag,
                functions == null ? null : functions.engageMediaProxy().session(callId, fromTag));
    }

    /**
     * Says who ends a call whose media stopped, in place of whoever was said before; at first nobody does. Nothing comes without a
     * {@linkplain Builder#backChannel back channel}.
     *
     * @param handler sends a BYE to both parties; run on a thread where it may block and where other calls wait behind it. The
     *     session is removed when it has returned or thrown
     */
    public void onMediaTimeout(Consumer<MediaTimeout> handler) {
        if (functions != null) {
            functions.mediaTimeouts().tell(handler);
        }
    }

    /** Whether the dispatcher can say here that the media of a call stopped. */
    public boolean hasBackChannel() {
        return functions != null && functions.backChannel() != null;
    }

    static CompletableFuture<MediaProxyResult> disabled() {
        return CompletableFuture.completedFuture(DISABLED);
    }

    /** Removals that could not be delivered yet and are tried again; at most 10,000 are kept. */
    public int pendingRemovals() {
        return functions == null ? 0 : functions.kept().size();
    }

    /** What is done from time to time anyway, now: gives up calls that nothing was heard of, and delivers kept removals. */
    void doNow() {
        if (functions != null) {
            functions.sessions().reap();
            functions.kept().retry();
        }
    }

    /** Fails what is in progress and frees the connections and threads. Sessions stay at the relay, which has timeouts of its own. */
    @Override
    public void close() {
        if (functions != null) {
            if (functions.backChannel() != null) {
                functions.backChannel().close();
            }
            functions.sessions().close();
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
        private Duration dialogTimeout = Duration.ofHours(12);
        private Duration earlyDialogTimeout = Duration.ofMinutes(5);
        private @Nullable BackChannelConfig backChannel;
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

        /**
         * After how long without a message an engaged call that was answered, or a {@link MediaSession}, is given up and its
         * session removed. Default: 12 hours, as of Kamailio's {@code dialog} module.
         */
        public Builder dialogTimeout(Duration value) {
            dialogTimeout = value;
            return this;
        }

        /** As {@link #dialogTimeout}, for an engaged call that nobody has answered. Default: 5 minutes. */
        public Builder earlyDialogTimeout(Duration value) {
            earlyDialogTimeout = value;
            return this;
        }

        /**
         * Listens for the dispatcher's word that the media of a call stopped ({@code socket_path} in its configuration), for engaged
         * calls and for {@link MediaSession}s; see {@link MediaProxy#onMediaTimeout}. Without this the dispatcher gets no
         * {@code dialog_id} and asks for nothing.
         */
        public Builder backChannel(BackChannelConfig value) {
            backChannel = value;
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
         * @throws io.mediaproxy.protocol.backchannel.BackChannelException if there is a back channel and its socket cannot be bound
         */
        public MediaProxy build() {
            return new MediaProxy(this);
        }
    }
}
