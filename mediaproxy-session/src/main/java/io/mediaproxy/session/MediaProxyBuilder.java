package io.mediaproxy.session;

import io.mediaproxy.protocol.Dispatcher;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.DispatcherPool;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Starts a {@link MediaProxy} with the module's parameters; see {@link MediaProxy#builder()}. Each has the module's
 * default until it is set. Not thread-safe.
 */
public final class MediaProxyBuilder {
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

    MediaProxyBuilder() {}

    /**
     * {@code disable}: no function has any effect, and every result is {@link Outcome#DISABLED}.
     *
     * @param value default: false
     * @return this
     */
    public MediaProxyBuilder disabled(boolean value) {
        disabled = value;
        return this;
    }

    /**
     * {@code mediaproxy_socket}: the UNIX domain socket of the dispatcher.
     *
     * @param value default: {@code /run/mediaproxy/dispatcher.sock}
     * @return this
     */
    public MediaProxyBuilder dispatcherSocket(Path value) {
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
    public MediaProxyBuilder dispatchers(Dispatcher... values) {
        dispatchers = List.of(values);
        return this;
    }

    /**
     * Names relays that advertise another address than the one that they connect to the dispatchers from. A call that
     * moves to another dispatcher names its relay by the latter.
     *
     * @param value from the advertised IPv4 address to the other one. Default: none
     * @return this
     */
    public MediaProxyBuilder relayAliases(Map<String, String> value) {
        relayAliases = Map.copyOf(value);
        return this;
    }

    /**
     * {@code mediaproxy_timeout}: the time for each command, from handing it over to its reply.
     *
     * @param value default: 500 ms
     * @return this
     */
    public MediaProxyBuilder timeout(Duration value) {
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
    public MediaProxyBuilder signalingIp(BiFunction<SipMessageView, CallAttributes, String> value) {
        signalingIp = value;
        return this;
    }

    /**
     * {@code media_relay_avp}: the relay for calls whose attributes name none. Calls that are followed ask for it until
     * they have a relay, which they keep.
     *
     * @param value an IPv4 address. Default: empty, the dispatcher chooses
     * @return this
     */
    public MediaProxyBuilder mediaRelay(String value) {
        mediaRelay = value;
        return this;
    }

    /**
     * {@code ice_candidate}: the candidate to insert for calls whose attributes name none.
     *
     * @param value default: {@link IceCandidate#NONE}
     * @return this
     */
    public MediaProxyBuilder iceCandidate(IceCandidate value) {
        iceCandidate = value;
        return this;
    }

    /**
     * Sets how long an engaged call that was answered, or a {@link MediaSession}, may be without any message. Then it
     * is given up and its session removed.
     *
     * @param value default: 12 hours, as in Kamailio's {@code dialog} module
     * @return this
     */
    public MediaProxyBuilder dialogTimeout(Duration value) {
        dialogTimeout = value;
        return this;
    }

    /**
     * As {@link #dialogTimeout}, for an engaged call that was not answered yet.
     *
     * @param value default: 5 minutes
     * @return this
     */
    public MediaProxyBuilder earlyDialogTimeout(Duration value) {
        earlyDialogTimeout = value;
        return this;
    }

    /**
     * Sets how many calls are engaged at the same time. At most half of them may be unanswered, since any INVITE may
     * begin a call. Each call above that goes on without a relay ({@link Outcome#TOO_MANY_CALLS}).
     *
     * @param value at least 2. A call takes about 1.3 KB of heap while it is unanswered, and 2.2 KB afterwards.
     *     Default: 100,000, or one for 4 KiB of the maximum heap if that is less
     * @return this
     */
    public MediaProxyBuilder maxEngagedCalls(int value) {
        maxEngagedCalls = value;
        return this;
    }

    /**
     * Whether a media timeout also ends a call whose live streams all have ICE on both sides. Such media mostly left
     * the relay for a direct path: then the relay sees none, and the call is well.
     *
     * @param value default: false
     * @return this
     */
    public MediaProxyBuilder endIceCalls(boolean value) {
        endIceCalls = value;
        return this;
    }

    /**
     * Listens for the dispatcher's requests to end calls whose media stopped ({@code socket_path} in its
     * configuration): engaged calls and {@link MediaSession}s; see {@link MediaProxy#onMediaTimeout}. Without this the
     * dispatcher gets no {@code dialog_id} and sends no requests.
     *
     * @param value default: no back channel
     * @return this
     */
    public MediaProxyBuilder backChannel(BackChannelConfig value) {
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
    public MediaProxyBuilder dispatcher(UnaryOperator<DispatcherConfig.Builder> value) {
        dispatcher = value;
        return this;
    }

    /**
     * Starts the client. No connection is made before the first command, so that a dispatcher may start later.
     *
     * @return to be closed by the caller
     * @throws IllegalArgumentException if a value is out of its range
     * @throws io.mediaproxy.protocol.DispatcherUnreachableException if the platform has no UNIX domain sockets
     * @throws io.mediaproxy.protocol.backchannel.BackChannelException if there is a back channel and its socket cannot
     *     be bound
     */
    public MediaProxy build() {
        return new MediaProxy(disabled ? new DisabledFunctions() : connected(Dispatchers::new));
    }

    /** Builds one that answers from memory. It has a candidate for ICE, since it would log a warning without one. */
    MediaProxy rehearsed() {
        iceCandidate = IceCandidate.LOW_PRIORITY;
        return new MediaProxy(connected(RehearsedDispatchers::new));
    }

    private Functions connected(Function<DispatcherPool, Dispatchers> sender) {
        MediaProxyConfig config = new MediaProxyConfig(
                signalingIp, mediaRelay, iceCandidate, dialogTimeout, earlyDialogTimeout, maxEngagedCalls, endIceCalls);
        DispatcherConfig.Builder client =
                DispatcherConfig.builder(dispatchers.get(0).socket()).timeout(timeout);
        DispatcherConfig limits = dispatcher.apply(client).build();
        DispatcherPool pool = DispatcherPool.open(limits, dispatchers, relayAliases);
        return new ConnectedFunctions(config, limits, sender.apply(pool), backChannel);
    }
}
