package io.mediaproxy.session;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.protocol.DispatcherConfig;
import io.mediaproxy.protocol.backchannel.BackChannel;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.sip.SipMessageView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The functions with a dispatcher. Wires their parts, one way, from the client upwards. Thread-safe. */
final class ConnectedFunctions implements Functions {
    private final MediaProxyConfig config;
    private final Dispatchers dispatchers;
    private final PendingRemovals pendingRemovals;
    private final PacedEnding ending;
    private final Removals removals;
    private final CallSessions sessions;
    private final RelayOutage outage;
    private final CallLimit limit;
    private final EngagedCalls engagedCalls;
    private final CallAdmission admission;
    private final UseMediaProxy useMediaProxy;
    private final MediaTimeouts mediaTimeouts;
    private final MovedCalls movedCalls;
    private final @Nullable BackChannel backChannel;

    /**
     * Opens the back channel, and takes the dispatchers over.
     *
     * @param dispatcherConfig the limits of the client of each dispatcher
     * @param backChannelConfig null if nothing listens for media timeouts
     * @throws io.mediaproxy.protocol.backchannel.BackChannelException if the socket of the back channel cannot be bound
     */
    ConnectedFunctions(
            MediaProxyConfig config,
            DispatcherConfig dispatcherConfig,
            Dispatchers dispatchers,
            @Nullable BackChannelConfig backChannelConfig) {
        boolean listens = backChannelConfig != null;
        LongSupplier nanoTime = dispatcherConfig.clock()::nanoTime;
        SessionLedger ledger = new SessionLedger();
        this.config = config;
        this.dispatchers = dispatchers;
        pendingRemovals = new PendingRemovals(
                dispatchers, ledger, PendingRemovals.interval(dispatcherConfig.retryInterval()), nanoTime);
        ending = new PacedEnding(pendingRemovals, dispatcherConfig.queueCapacity());
        MessageOffers offers = new MessageOffers();
        removals = new Removals(dispatchers, ledger, pendingRemovals, offers, nanoTime);
        Updates updates = new Updates(dispatchers, ledger, removals);
        UpdateCommands commands = new UpdateCommands(config);
        outage = new RelayOutage(nanoTime);
        IceWarning iceWarning = new IceWarning();
        useMediaProxy = new UseMediaProxy(config, ledger, commands, updates, offers, outage, iceWarning);
        limit = new CallLimit(config.maxEngagedCalls(), nanoTime);
        engagedCalls = new EngagedCalls(limit, ending::end);
        sessions = new CallSessions(config, updates, removals, ending, outage, iceWarning, nanoTime, listens);
        admission = new CallAdmission(sessions, engagedCalls, ledger, listens);
        mediaTimeouts = new MediaTimeouts(sessions, config.endsIceCalls(), nanoTime);
        movedCalls =
                new MovedCalls(dispatchers, updates, sessions, mediaTimeouts::end, config.endsIceCalls(), nanoTime);
        backChannel = backChannelConfig == null ? null : open(backChannelConfig);
        if (listens) {
            movedCalls.start();
        }
    }

    private BackChannel open(BackChannelConfig config) {
        try {
            boolean known = !config.dispatchers().isEmpty();
            return BackChannel.open(
                    known ? config : config.withDispatchers(dispatchers.pool().sockets()), mediaTimeouts);
        } catch (RuntimeException | Error e) {
            dispatchers.close();
            throw e;
        }
    }

    @Override
    public CompletableFuture<MediaProxyResult> use(SipMessageView message, CallAttributes attributes) {
        try {
            RelayedMessage read = RelayedMessage.of(message, attributes).asked(config);
            MediaProxyResult refusal = admission.refusalOfMessages(message, read.fields());
            return refusal == null
                    ? useMediaProxy.use(read, admission.nameOfMessages(message, read.fields()))
                    : done(refusal);
        } catch (RuntimeException e) { // of a value that does not fit, or from the view
            return done(failed(message, e));
        }
    }

    @Override
    public CompletableFuture<MediaProxyResult> end(SipMessageView message) {
        try {
            CallFields fields = CallFields.of(message);
            MediaProxyResult refusal = admission.refusalOfMessages(message, fields);
            return refusal == null
                    ? removals.remove(
                            admission.nameOfMessages(message, fields),
                            fields.from().tag(),
                            fields.to().tag())
                    : done(refusal);
        } catch (RuntimeException e) { // of a value that does not fit, or from the view
            return done(failed(message, e));
        }
    }

    @Override
    public CompletableFuture<MediaProxyResult> engage(SipMessageView invite, CallAttributes attributes) {
        try {
            return admission.engage(invite, attributes);
        } catch (RuntimeException e) { // of a value that does not fit, or from the view
            return done(MediaProxyResult.failed(e));
        }
    }

    @Override
    public EngagedCalls engagedCalls() {
        return engagedCalls;
    }

    @Override
    public MediaSession.Actions session(String callId, String fromTag) {
        return admission.open(callId, fromTag);
    }

    @Override
    public void onMediaTimeout(Consumer<MediaTimeout> handler) {
        mediaTimeouts.handler(handler);
    }

    @Override
    public boolean hasBackChannel() {
        return backChannel != null;
    }

    @Override
    public Dispatchers dispatchers() {
        return dispatchers;
    }

    @Override
    public int pendingRemovals() {
        return pendingRemovals.size();
    }

    @Override
    public Counters counters() {
        return new Counters(
                outage.calls(),
                outage.halfRelayedExchanges(),
                pendingRemovals.kept(),
                pendingRemovals.delivered(),
                pendingRemovals.givenUp(),
                limit.refusals());
    }

    @Override
    public void runPeriodicWork() {
        sessions.reap();
        pendingRemovals.retry();
        if (backChannel != null) {
            movedCalls.check();
        }
    }

    @Override
    public void close() {
        if (backChannel != null) {
            backChannel.close();
        }
        movedCalls.close();
        sessions.close();
        ending.close();
        pendingRemovals.close();
        dispatchers.close();
    }

    /** A reason in the terms of SIP, where a header field is absent that the command needs. */
    private static MediaProxyResult failed(SipMessageView message, RuntimeException e) {
        String absence =
                e instanceof CommandRefusedException ? CallFields.of(message).absence() : null;
        return absence == null ? MediaProxyResult.failed(e) : MediaProxyResult.failed(absence, e);
    }

    private static CompletableFuture<MediaProxyResult> done(MediaProxyResult result) {
        return CompletableFuture.completedFuture(result);
    }
}
