package io.mediaproxy.session;

import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.DispatcherLoad;
import io.mediaproxy.protocol.DispatcherPool;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a media relay into the path of a call's audio and video, so that two phones behind NAT hear each other: each
 * phone is given an address of the relay in place of the other phone's address, and the relay forwards the packets
 * between them.
 *
 * <p>This class has the functions of Kamailio's and OpenSIPS' {@code mediaproxy} module, for any SIP server. It asks
 * MediaProxy's dispatcher for a relay and returns the SDP body with the relay's address in it. One instance serves a
 * whole server:
 *
 * <pre>{@code
 * try (MediaProxy mediaProxy = MediaProxy.builder().build()) {
 *     // the INVITE of a new call; the adapters do this with the messages of a SIP stack
 *     SipMessageView invite = RawSipMessage.parse(datagram, "192.0.2.1");
 *     MediaProxyResult result = mediaProxy.engageMediaProxy(invite);
 *     result.body().ifPresentOrElse(this::forwardWithBody, this::forwardAsItIs);
 *
 *     // every other message of that call, request or response, in both directions
 *     MediaProxyResult next = mediaProxy.engagedCalls().follow(message);
 * }
 * }</pre>
 *
 * <p>There are three ways to relay a call, one for each call: {@link #engageMediaProxy} follows the call from its
 * INVITE to its end; {@link #session} is for B2BUAs, which know what is an offer and what an answer;
 * {@link #useMediaProxy} and {@link #endMediaSession} handle single messages, and the server decides which.
 *
 * <p>No method throws because of a message or a dispatcher: the result contains the failure, and the message stays as
 * it was. The asynchronous methods never block and complete on the thread of the dispatcher's client, so that dependent
 * actions must not block either. The other methods wait for the result, at most for the configured timeout.
 *
 * <p>Thread-safe.
 */
public final class MediaProxy implements AutoCloseable {
    private final Functions functions;

    private MediaProxy(Functions functions) {
        this.functions = functions;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder with the module's defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@code use_media_proxy()}: relays the media that the SDP of a message describes. To be called for every message
     * that carries an offer or an answer, request or response, and for a 200 to INVITE without SDP.
     *
     * @param message is read before this returns, except for the body, which must not change until the result is there
     * @param attributes of the call; what is null there is taken from the configuration
     * @return completes with the new body or with the reason why there is none, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> useMediaProxyAsync(SipMessageView message, CallAttributes attributes) {
        return functions.use(message, attributes);
    }

    /**
     * Calls {@link #useMediaProxyAsync} and waits for the result.
     *
     * @param message as for {@link #useMediaProxyAsync}
     * @param attributes as for {@link #useMediaProxyAsync}
     * @return the result
     */
    public MediaProxyResult useMediaProxy(SipMessageView message, CallAttributes attributes) {
        return useMediaProxyAsync(message, attributes).join();
    }

    /**
     * Calls {@link #useMediaProxy(SipMessageView, CallAttributes)} with everything as configured.
     *
     * @param message as for {@link #useMediaProxyAsync}
     * @return the result
     */
    public MediaProxyResult useMediaProxy(SipMessageView message) {
        return useMediaProxy(message, CallAttributes.NONE);
    }

    /**
     * {@code end_media_session()}: removes the session of a message's call from the relay. To be called once, when the
     * call is over: for the BYE, the CANCEL or the failure of its first INVITE; of a call that forks, at the end of the
     * whole fork. Responses of that call get no relay afterwards, until a request begins again.
     *
     * <p>A removal that cannot be delivered is queued and tried again, until it is answered or the relay's longest
     * timeout (two hours) has passed. One that is answered with {@code error} although the call had a relay is repeated
     * a few times, since the dispatcher may have lost a session that the relay still has.
     *
     * @param message is read before this returns
     * @return completes when the dispatcher has answered or failed to, never exceptionally
     */
    public CompletableFuture<MediaProxyResult> endMediaSessionAsync(SipMessageView message) {
        return functions.end(message);
    }

    /**
     * Calls {@link #endMediaSessionAsync} and waits for the result.
     *
     * @param message as for {@link #endMediaSessionAsync}
     * @return the result
     */
    public MediaProxyResult endMediaSession(SipMessageView message) {
        return endMediaSessionAsync(message).join();
    }

    /**
     * {@code engage_media_proxy()}: relays the media of the whole call that an INVITE begins, until it ends. To be
     * called once, for the INVITE without a To tag; its SDP is rewritten as well. Afterwards every message of the call
     * goes to {@link EngagedCalls#followAsync}, which an adapter does by itself.
     *
     * <p>Cannot be mixed with {@code use_media_proxy} and {@code end_media_session} on one call: the second is refused.
     *
     * @param invite is read before this returns, except for the body, which must not change until the result is there
     * @param attributes of the call, for all its messages
     * @return as of {@link #useMediaProxyAsync}; also {@link Outcome#NO_SDP} (-2) for an INVITE without an offer, which
     *     is engaged nevertheless
     */
    public CompletableFuture<MediaProxyResult> engageMediaProxyAsync(SipMessageView invite, CallAttributes attributes) {
        return functions.engage(invite, attributes);
    }

    /**
     * Calls {@link #engageMediaProxyAsync} and waits for the result.
     *
     * @param invite as for {@link #engageMediaProxyAsync}
     * @param attributes as for {@link #engageMediaProxyAsync}
     * @return the result
     */
    public MediaProxyResult engageMediaProxy(SipMessageView invite, CallAttributes attributes) {
        return engageMediaProxyAsync(invite, attributes).join();
    }

    /**
     * Calls {@link #engageMediaProxy(SipMessageView, CallAttributes)} with everything as configured.
     *
     * @param invite as for {@link #engageMediaProxyAsync}
     * @return the result
     */
    public MediaProxyResult engageMediaProxy(SipMessageView invite) {
        return engageMediaProxy(invite, CallAttributes.NONE);
    }

    /**
     * Returns the calls for which {@link #engageMediaProxy} was called.
     *
     * @return always the same object
     */
    public EngagedCalls engagedCalls() {
        return functions.engagedCalls();
    }

    /**
     * Returns the session of one call, a new one if there is none yet: for servers whose calls have several Call-IDs.
     *
     * @param callId of the call's first INVITE
     * @param fromTag of the caller, in that INVITE
     * @return the session; it works without effect if the module is disabled
     * @throws IllegalArgumentException if one of them is empty
     * @throws io.mediaproxy.protocol.CommandRefusedException if one of them does not fit the dispatcher's protocol
     * @throws IllegalStateException if the call is engaged, has another From tag, or {@code use_media_proxy} was called
     *     for it
     */
    public MediaSession session(String callId, String fromTag) {
        if (callId.isEmpty() || fromTag.isEmpty()) {
            throw new IllegalArgumentException("a session has a Call-ID and a From tag, not " + Excerpt.of(callId)
                    + " and " + Excerpt.of(fromTag));
        }
        return new MediaSession(callId, fromTag, functions.session(callId, fromTag));
    }

    /**
     * Sets the handler that ends calls whose media stopped, replacing any earlier one. There is none by default. It is
     * never called without a {@linkplain Builder#backChannel back channel}.
     *
     * @param handler sends a BYE to both parties. It runs on a thread where it may block, while other calls wait. The
     *     session is removed when it has returned or thrown
     */
    public void onMediaTimeout(Consumer<MediaTimeout> handler) {
        functions.onMediaTimeout(handler);
    }

    /**
     * Returns whether the dispatcher can report here that the media of a call stopped.
     *
     * @return whether a {@linkplain Builder#backChannel back channel} is open
     */
    public boolean hasBackChannel() {
        return functions.hasBackChannel();
    }

    /**
     * Returns the number of removals that are tried again.
     *
     * @return 0 to 10,000
     */
    public int pendingRemovals() {
        return functions.pendingRemovals();
    }

    /**
     * Returns what was counted so far.
     *
     * @return the counts since this was built
     */
    public Counters counters() {
        return functions.counters();
    }

    /**
     * Returns how fast the dispatcher answers now. A server that is asked for more calls than it can serve in time
     * refuses new ones while the load {@linkplain DispatcherLoad#isBusy() is busy}: with a 503 and Retry-After, and
     * never a request within a dialog. Costs as little as reading a clock.
     *
     * @return the load at this moment; {@link DispatcherLoad#NONE} if disabled
     */
    public DispatcherLoad load() {
        Dispatchers dispatchers = functions.dispatchers();
        return dispatchers == null ? DispatcherLoad.NONE : dispatchers.pool().load();
    }

    /**
     * Begins no new call at a dispatcher, until {@link #undrain}. Its calls stay.
     *
     * @param socket the path of one of the {@linkplain Builder#dispatchers dispatchers}
     * @throws IllegalArgumentException if there is no such dispatcher
     */
    public void drain(Path socket) {
        Dispatchers dispatchers = functions.dispatchers();
        if (dispatchers != null) {
            dispatchers.pool().drain(socket);
        }
    }

    /**
     * Begins new calls at a dispatcher again.
     *
     * @param socket as for {@link #drain}
     * @throws IllegalArgumentException if there is no such dispatcher
     */
    public void undrain(Path socket) {
        Dispatchers dispatchers = functions.dispatchers();
        if (dispatchers != null) {
            dispatchers.pool().undrain(socket);
        }
    }

    /**
     * Returns the dispatchers at which no new call begins.
     *
     * @return their paths
     */
    public List<Path> drained() {
        Dispatchers dispatchers = functions.dispatchers();
        return dispatchers == null ? List.of() : dispatchers.pool().drained();
    }

    /** Runs the periodic work now: ends silent calls and retries queued removals. */
    void runPeriodicWork() {
        functions.runPeriodicWork();
    }

    /**
     * Fails pending commands and frees connections and threads. Sessions stay at the relay, which has timeouts for
     * them.
     */
    @Override
    public void close() {
        functions.close();
    }

    /** The module's parameters. Not thread-safe. */
    public static final class Builder {
        private boolean disabled;
        private List<Dispatcher> dispatchers = List.of(Dispatcher.at(DispatcherConfig.DEFAULT_SOCKET));
        private Map<String, String> relayAliases = Map.of();
        private Duration timeout = Duration.ofMillis(500);
        private BiFunction<SipMessageView, CallAttributes, String> signalingIp = (message, attributes) -> {
            String own = attributes.signalingIp();
            return own == null ? message.sourceAddress() : own;
        };
        private String mediaRelay = "";
        private IceCandidate iceCandidate = IceCandidate.NONE;
        private Duration dialogTimeout = Duration.ofHours(12);
        private Duration earlyDialogTimeout = Duration.ofMinutes(5);
        private int maxEngagedCalls = CallLimit.defaultFor(Runtime.getRuntime().maxMemory());
        private boolean endIceCalls;
        private @Nullable BackChannelConfig backChannel;
        private UnaryOperator<DispatcherConfig.Builder> dispatcher = UnaryOperator.identity();

        private Builder() {}

        /**
         * {@code disable}: no function has any effect, and every result is {@link Outcome#DISABLED}.
         *
         * @param value default: false
         * @return this
         */
        public Builder disabled(boolean value) {
            disabled = value;
            return this;
        }

        /**
         * {@code mediaproxy_socket}: the UNIX domain socket of the dispatcher.
         *
         * @param value default: {@code /run/mediaproxy/dispatcher.sock}
         * @return this
         */
        public Builder dispatcherSocket(Path value) {
            dispatchers = List.of(Dispatcher.at(value));
            return this;
        }

        /**
         * Uses several dispatchers instead of one. Each call has one of them as its home, and moves with its relay when
         * that fails; see {@link DispatcherPool}.
         *
         * @param values 1 to {@value DispatcherPool#MAX_DISPATCHERS}, with different paths
         * @return this
         */
        public Builder dispatchers(Dispatcher... values) {
            dispatchers = List.of(values);
            return this;
        }

        /**
         * Names relays that advertise another address than the one that they connect to the dispatchers from. A call
         * that moves to another dispatcher names its relay by the latter.
         *
         * @param value from the advertised IPv4 address to the other one. Default: none
         * @return this
         */
        public Builder relayAliases(Map<String, String> value) {
            relayAliases = Map.copyOf(value);
            return this;
        }

        /**
         * {@code mediaproxy_timeout}: the time for each command, from handing it over to its reply.
         *
         * @param value default: 500 ms
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * {@code signaling_ip_avp}: chooses the address to send to the dispatcher for a message of a call with these
         * attributes. It runs on the thread that handed the message over, without any lock, and holds up that message
         * alone. It may also run for a message that is not sent, such as a retransmission.
         *
         * @param value default: the call's {@link CallAttributes#signalingIp()}, else
         *     {@link SipMessageView#sourceAddress()}
         * @return this
         */
        public Builder signalingIp(BiFunction<SipMessageView, CallAttributes, String> value) {
            signalingIp = value;
            return this;
        }

        /**
         * {@code media_relay_avp}: the relay for calls whose attributes name none. Calls that are followed ask for it
         * until they have a relay, which they keep.
         *
         * @param value an IPv4 address. Default: empty, the dispatcher chooses
         * @return this
         */
        public Builder mediaRelay(String value) {
            mediaRelay = value;
            return this;
        }

        /**
         * {@code ice_candidate}: the candidate to insert for calls whose attributes name none.
         *
         * @param value default: {@link IceCandidate#NONE}
         * @return this
         */
        public Builder iceCandidate(IceCandidate value) {
            iceCandidate = value;
            return this;
        }

        /**
         * Sets how long an engaged call that was answered, or a {@link MediaSession}, may be without any message. Then
         * it is given up and its session removed.
         *
         * @param value default: 12 hours, as in Kamailio's {@code dialog} module
         * @return this
         */
        public Builder dialogTimeout(Duration value) {
            dialogTimeout = value;
            return this;
        }

        /**
         * As {@link #dialogTimeout}, for an engaged call that was not answered yet.
         *
         * @param value default: 5 minutes
         * @return this
         */
        public Builder earlyDialogTimeout(Duration value) {
            earlyDialogTimeout = value;
            return this;
        }

        /**
         * Sets how many calls are engaged at the same time. At most half of them may be unanswered, since any INVITE
         * may begin a call. Each call above that goes on without a relay ({@link Outcome#TOO_MANY_CALLS}).
         *
         * @param value at least 2. A call takes about 1.3 KB of heap while it is unanswered, and 2.2 KB afterwards.
         *     Default: 100,000, or one for 4 KiB of the maximum heap if that is less
         * @return this
         */
        public Builder maxEngagedCalls(int value) {
            maxEngagedCalls = value;
            return this;
        }

        /**
         * Whether a media timeout also ends a call whose live streams all have ICE on both sides. Such media mostly
         * left the relay for a direct path: then the relay sees none, and the call is well.
         *
         * @param value default: false
         * @return this
         */
        public Builder endIceCalls(boolean value) {
            endIceCalls = value;
            return this;
        }

        /**
         * Listens for the dispatcher's requests to end calls whose media stopped ({@code socket_path} in its
         * configuration): engaged calls and {@link MediaSession}s; see {@link MediaProxy#onMediaTimeout}. Without this
         * the dispatcher gets no {@code dialog_id} and sends no requests.
         *
         * @param value default: no back channel
         * @return this
         */
        public Builder backChannel(BackChannelConfig value) {
            backChannel = value;
            return this;
        }

        /**
         * Changes limits of the dispatcher's client for which the module has no parameter, such as its number of
         * connections.
         *
         * @param value default: changes nothing
         * @return this
         */
        public Builder dispatcher(UnaryOperator<DispatcherConfig.Builder> value) {
            dispatcher = value;
            return this;
        }

        /**
         * Starts the client. No connection is made before the first command, so that a dispatcher may start later.
         *
         * @return to be closed by the caller
         * @throws IllegalArgumentException if a value is out of its range
         * @throws io.mediaproxy.protocol.DispatcherUnreachableException if the platform has no UNIX domain sockets
         * @throws io.mediaproxy.protocol.backchannel.BackChannelException if there is a back channel and its socket
         *     cannot be bound
         */
        public MediaProxy build() {
            return new MediaProxy(disabled ? new DisabledFunctions() : connected());
        }

        private Functions connected() {
            MediaProxyConfig config = new MediaProxyConfig(
                    signalingIp,
                    mediaRelay,
                    iceCandidate,
                    dialogTimeout,
                    earlyDialogTimeout,
                    maxEngagedCalls,
                    endIceCalls);
            DispatcherConfig.Builder client =
                    DispatcherConfig.builder(dispatchers.get(0).socket()).timeout(timeout);
            DispatcherConfig limits = dispatcher.apply(client).build();
            DispatcherPool pool = DispatcherPool.open(limits, dispatchers, relayAliases);
            return new ConnectedFunctions(config, limits, new Dispatchers(pool), backChannel);
        }
    }
}
