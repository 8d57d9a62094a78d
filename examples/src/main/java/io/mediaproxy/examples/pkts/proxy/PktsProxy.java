package io.mediaproxy.examples.pkts.proxy;

import io.mediaproxy.examples.Failures;
import io.mediaproxy.examples.ProxyEvents;
import io.mediaproxy.examples.SipServer;
import io.mediaproxy.examples.stateless.Bye;
import io.mediaproxy.examples.stateless.CallGate;
import io.mediaproxy.examples.stateless.Forwarding;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.Routing;
import io.mediaproxy.examples.stateless.StatelessForwarding;
import io.mediaproxy.pkts.PktsMediaProxy;
import io.mediaproxy.pkts.PktsResult;
import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.DialogParty;
import io.mediaproxy.session.EngagedCalls;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaTimeout;
import io.mediaproxy.session.sip.OrderedDelivery;
import io.pkts.buffer.Buffer;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.impl.SipParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stateless SIP proxy on pkts.io: one thread reads the socket, decides, and sends. A message that waits for the
 * dispatcher returns to that thread with the reply; all others are forwarded at once. Thread-safe.
 *
 * <pre>
 *   socket ──► StatelessForwarding ──► PktsMediaProxy ──► OrderedDelivery ──► socket
 *              where does it go?       asks for a relay   keeps the order
 *                                                         of each call
 * </pre>
 */
public final class PktsProxy implements SipServer {
    private static final Log LOG = Log.of(PktsProxy.class);
    private static final int LARGEST_DATAGRAM = 65_535;
    /** Room for the datagrams that arrive during a pause of the garbage collector. */
    private static final int RECEIVE_BUFFER = 2 << 20;
    /** Maximum datagrams in a row, so that the messages that waited for the dispatcher are sent in between. */
    private static final int BATCH = 64;

    /**
     * Maximum messages that wait for the dispatcher, or for another message of their call; further ones are dropped.
     */
    static final int MAX_HELD = 4096;

    private static final long PATIENCE_SECONDS = 3;
    private static final CompletableFuture<Void> NOW = CompletableFuture.completedFuture(null);

    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress address;
    private final StatelessForwarding forwarding;
    private final CallGate callGate;
    private final Bye bye;
    private final PktsMediaProxy media;
    private final EngagedCalls calls;
    private final ProxyEvents events;
    private final OrderedDelivery order = new OrderedDelivery(this::execute);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer datagram = ByteBuffer.allocate(LARGEST_DATAGRAM);
    private final Failures failures;
    private final Thread thread = new Thread(this::run, "sip-proxy");
    private volatile boolean draining;
    /** The messages that wait for the dispatcher, or for another message of their call. As {@link #inHand}. */
    private final Set<ByteBuffer> held = new HashSet<>();

    /** The number of messages that wait for the dispatcher. Confined to the proxy's thread. */
    private int inHand;

    /**
     * When the socket was empty last. Nothing that is read now has waited longer. A short queue is empty many times a
     * second, however fast messages arrive; one that stays is overload (RFC 8289 4.1). Its true length is of no use: a
     * full buffer of the kernel holds messages of a tenth of a second only, and loses all others. As {@link #inHand}.
     */
    private long emptyNanos = System.nanoTime();

    private PktsProxy(
            DatagramChannel channel,
            Selector selector,
            ListenAddress listen,
            @Nullable InetSocketAddress next,
            MediaProxy mediaProxy,
            ProxyEvents events)
            throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        Routing routing = new Routing(listen.bound(address), next);
        this.forwarding = new StatelessForwarding(routing);
        this.callGate = new CallGate(routing, mediaProxy);
        this.bye = new Bye(routing);
        this.media = new PktsMediaProxy(mediaProxy);
        this.calls = mediaProxy.engagedCalls();
        this.events = events;
        this.failures = new Failures(LOG, events, System::nanoTime);
    }

    /**
     * Starts the proxy.
     *
     * @param listen an IPv4 address of this machine; port 0 takes a free port
     * @param next the server to which requests without a Route go; null if their Request-URI names the address
     * @param mediaProxy remains the caller's to close, after the proxy
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if the next server is the proxy
     */
    public static PktsProxy start(
            InetSocketAddress listen, @Nullable InetSocketAddress next, MediaProxy mediaProxy, ProxyEvents events)
            throws IOException {
        return start(ListenAddress.at(listen), next, mediaProxy, events);
    }

    /** As the other, where others send to another address than the one at which the proxy listens. */
    public static PktsProxy start(
            ListenAddress listen, @Nullable InetSocketAddress next, MediaProxy mediaProxy, ProxyEvents events)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(listen.socket()).configureBlocking(false);
            PktsProxy proxy = new PktsProxy(channel, Selector.open(), listen, next, mediaProxy, events);
            channel.register(proxy.selector, SelectionKey.OP_READ);
            mediaProxy.onMediaTimeout(timeout -> proxy.execute(() -> proxy.hangUp(timeout)));
            proxy.thread.start();
            return proxy;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public CompletableFuture<Void> broken() {
        return failures.broken();
    }

    /** Runs something on the proxy's thread. */
    private void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            boolean empty = true;
            while (!draining || inHand > 0) {
                selector.select();
                selector.selectedKeys().clear();
                if (empty) {
                    emptyNanos = System.nanoTime(); // a datagram ends the wait
                }
                runTasks();
                empty = !receiveBatch();
            }
            runTasks(); // the messages of the last reply
        } catch (Throwable e) { // nothing would be read any longer
            failures.broken(e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (Throwable e) { // one message's failure costs that message
                failures.add("a message that waited for the dispatcher was not sent", e);
            }
        }
    }

    /** Returns false if the socket is empty now. */
    private boolean receiveBatch() throws IOException {
        for (int i = 0; i < BATCH && !draining; i++) {
            if (!receive()) {
                return false;
            }
            runTasks();
        }
        return true;
    }

    private boolean receive() throws IOException {
        datagram.clear();
        InetSocketAddress source = (InetSocketAddress) channel.receive(datagram);
        if (source == null) {
            return false;
        }
        try {
            if (!isKeepAlive()) {
                events.message();
                handle(source);
            }
        } catch (Throwable e) { // one message's failure costs that message
            failures.add("a datagram was not handled", e);
        }
        return true;
    }

    /** Whether the datagram holds only white space (RFC 5626 3.5.1), or nothing. */
    private boolean isKeepAlive() {
        for (int i = 0; i < datagram.position(); i++) {
            if (datagram.get(i) > ' ') {
                return false;
            }
        }
        return true;
    }

    private void handle(InetSocketAddress source) {
        long waitedNanos = System.nanoTime() - emptyNanos;
        Forwarding refusal = callGate.refusal(datagram.array(), datagram.position(), source, waitedNanos);
        if (refusal instanceof Forwarding.Answered busy) {
            events.turnedAway();
            send(busy.response(), busy.target());
            return;
        }
        Forwarding decision = forwarding.forward(datagram.array(), 0, datagram.position(), source);
        if (decision instanceof Forwarding.Onward onward) {
            if (!isKnown(onward.message().array())) {
                send(onward.message(), onward.target()); // of a later method, which does not concern the relay
                return;
            }
            SipMessage message = parse(onward.message().array());
            if (message != null) {
                relay(message, onward, source.getAddress().getHostAddress());
                return;
            }
            decision = forwarding.badRequest(datagram.array(), 0, datagram.position(), source);
        }
        if (decision instanceof Forwarding.Answered answered) {
            events.refused();
            send(answered.response(), answered.target());
        } else if (decision instanceof Forwarding.Stray) {
            events.strayResponse();
        } else if (decision instanceof Forwarding.Dropped dropped) {
            events.dropped();
            LOG.debug("dropped: {}", dropped.why());
        }
    }

    /** pkts recognises messages by their first three letters, and only those of methods that it knows. */
    private static boolean isKnown(byte[] message) {
        try {
            return SipParser.couldBeSipMessage(message[0], message[1], message[2]);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot occur for three bytes
        }
    }

    /** Returns null if pkts cannot read the message. */
    private static @Nullable SipMessage parse(byte[] bytes) {
        try {
            SipMessage message = PktsMediaProxy.frame(bytes);
            boolean complete = message.getCallIDHeader() != null && message.getToHeader() != null;
            return complete ? message : null;
        } catch (RuntimeException e) { // it throws many kinds of them
            LOG.debug("pkts cannot read a message: {}", e.getClass().getName());
            return null;
        }
    }

    /** Puts the relay into the message's SDP, and sends the message in the order of its call. */
    private void relay(SipMessage message, Forwarding.Onward onward, String source) {
        if (held.size() >= MAX_HELD) {
            events.overloaded();
            return;
        }
        ByteBuffer key = onward.message().duplicate(); // whose position, unlike that of the other, does not move
        if (!held.add(key)) {
            events.dropped(); // a retransmission: its original is forwarded soon
            return;
        }
        boolean queued = false;
        try {
            relay(message, onward, source, key);
            queued = true;
        } finally {
            if (!queued) {
                held.remove(key); // so that a retransmission is another attempt
            }
        }
    }

    private void relay(SipMessage message, Forwarding.Onward onward, String source, ByteBuffer key) {
        String callId = message.getCallIDHeader().getCallId().toString();
        CompletableFuture<PktsResult> result = ask(message, callId, source);
        if (message.getContent().getReadableBytes() > 0) {
            order.deliver(callId, result, () -> {
                inHand--;
                held.remove(key);
                SipMessage relayed = result.join().message();
                boolean same = relayed == message;
                send(
                        same
                                ? onward.message()
                                : ByteBuffer.wrap(relayed.toBuffer().getArray()),
                        onward.target());
            });
            inHand++;
            return;
        }
        // A BYE does not wait for the removal, but close() does.
        order.deliver(callId, NOW, () -> {
            held.remove(key);
            send(onward.message(), onward.target());
        });
        if (!result.isDone()) {
            inHand++;
            CompletableFuture<?> unused = result.whenCompleteAsync((nothing, failure) -> inHand--, this::execute);
        }
    }

    private CompletableFuture<PktsResult> ask(SipMessage message, String callId, String source) {
        if (!beginsCall(message)) {
            return media.followAsync(message, source);
        }
        Buffer fromTag = message.getFromHeader().getTag();
        if (fromTag != null && !calls.isEngaged(new CallKey(callId, fromTag.toString()))) {
            events.call();
        }
        return media.engageMediaProxyAsync(message, source, CallAttributes.NONE);
    }

    private static boolean beginsCall(SipMessage message) {
        return message.isInviteRequest() && message.getToHeader().getTag() == null;
    }

    /** A message that the socket does not take is lost, as in the network: its sender retransmits it. */
    private void send(ByteBuffer bytes, InetSocketAddress target) {
        try {
            if (channel.send(bytes, target) == 0) {
                events.error();
            }
        } catch (IOException e) {
            events.error();
            LOG.debug("cannot send a message: {}", e.getClass().getName());
        }
    }

    /** Sends a BYE to both parties of a call whose media stopped. */
    private void hangUp(MediaTimeout timeout) {
        if (timeout.caller().isPresent() && timeout.callee().isPresent()) {
            DialogParty caller = timeout.caller().get();
            DialogParty callee = timeout.callee().get();
            send(bye.toCaller(timeout.callId(), caller, callee));
            send(bye.toCallee(timeout.callId(), caller, callee));
        }
    }

    private void send(Forwarding.@Nullable Onward onward) {
        if (onward == null) {
            events.error();
        } else {
            send(onward.message(), onward.target());
        }
    }

    /** Stops reading, forwards the messages that wait for the dispatcher, and ends. */
    @Override
    public void close() {
        draining = true;
        selector.wakeup();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            selector.close();
            channel.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("cannot close the socket", e);
        }
    }
}
