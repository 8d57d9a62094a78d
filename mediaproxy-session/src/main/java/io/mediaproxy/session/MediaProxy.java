package io.mediaproxy.session;

import io.mediaproxy.protocol.DispatcherLoad;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.session.sip.SipMessageView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

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

    MediaProxy(Functions functions) {
        this.functions = functions;
    }

    /**
     * Starts a configuration.
     *
     * @return a builder with the module's defaults
     */
    public static MediaProxyBuilder builder() {
        return new MediaProxyBuilder();
    }

    /** Calls {@link #warmUp(Duration)} with two seconds. */
    public static void warmUp() {
        warmUp(Duration.ofSeconds(2));
    }

    /**
     * Plays calls in memory, without a dispatcher: finds, reads and rewrites offers and answers, encodes commands and
     * parses replies. To be called before a server begins to listen. Otherwise its first calls wait until classes are
     * loaded, and run code that is not compiled yet: on one core, the first INVITE took 200 ms without it, and 28 ms
     * after it. An adapter has its own method, which includes the parser of its stack.
     *
     * <p>It has no effect on any {@link MediaProxy}: it uses one that exists only for this.
     *
     * @param limit the time that it may take. It returns earlier when it has played some thousand calls
     */
    public static void warmUp(Duration limit) {
        warmUp(limit, Rehearsal::withoutStack);
    }

    /**
     * Calls {@link #warmUp(Duration)} with a server that reads and writes the messages, so that its parser is included.
     *
     * @param limit as for {@link #warmUp(Duration)}
     * @param server gets a {@link MediaProxy} that answers at once and from memory, and returns the handler of the
     *     messages: each is one datagram from {@code 192.0.2.2}. The INVITE of each call comes first. An exception from
     *     it ends the rehearsal, and is thrown
     */
    public static void warmUp(Duration limit, Function<MediaProxy, Consumer<byte[]>> server) {
        try (MediaProxy rehearsed = builder().rehearsed()) {
            new Rehearsal(server.apply(rehearsed)).play(limit);
        }
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
     * timeout (two hours) has passed. So is one that is answered with {@code error} although the call had a relay,
     * since the dispatcher may have lost a session that the relay still has.
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
     * never called without a {@linkplain MediaProxyBuilder#backChannel back channel}.
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
     * @return whether a {@linkplain MediaProxyBuilder#backChannel back channel} is open
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
     * @param socket the path of one of the {@linkplain MediaProxyBuilder#dispatchers dispatchers}
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
}
