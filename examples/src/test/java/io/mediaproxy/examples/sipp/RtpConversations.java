package io.mediaproxy.examples.sipp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The media of many calls: one socket sends for all callers, another one for all callees and returns every packet. A
 * caller sends its next packet when the previous one has returned, so that each counted packet went through the relay
 * twice.
 *
 * <p>The relay learns the address of a party from its first packet, and drops packets that it cannot forward yet. So
 * the callee begins with a greeting. If that is the first packet at the relay, the caller's first packet is forwarded.
 * Otherwise the greeting is, and makes the caller send again. Thread-safe.
 */
public final class RtpConversations implements AutoCloseable {
    private static final int HEADER_LENGTH = 12;
    private static final int PACKET_LENGTH = HEADER_LENGTH + 160;
    private static final byte GREETING = 1;
    private static final byte SPEECH = 2;

    private final int packetsPerTalk;
    private final int talks;
    private final DatagramChannel callers = open();
    private final DatagramChannel callees = open();
    private final Map<Integer, Conversation> conversations = new ConcurrentHashMap<>();

    /** @param talks how often a caller begins to talk */
    public RtpConversations(int talks, int packetsPerTalk) throws IOException {
        this.talks = talks;
        this.packetsPerTalk = packetsPerTalk;
        listen("callers", callers, (packet, from) -> {
            Conversation conversation = conversation(packet.getInt(8));
            if (packet.get(HEADER_LENGTH) == GREETING) {
                conversation.greeted();
            } else {
                conversation.echoed(packet.getShort(2));
            }
        });
        listen("callees", callees, (packet, from) -> callees.send(packet, from));
    }

    /** Sends the callee's greeting to this address of the relay. */
    public void greet(int call, InetSocketAddress relay) {
        send(callees, call, 0, GREETING, relay);
    }

    /** Sends the caller's next packets to this address of the relay. */
    public void talk(int call, InetSocketAddress relay) {
        conversation(call).talk(relay);
    }

    /** Completes with the relay's address when all packets of the caller have returned. */
    public CompletableFuture<InetSocketAddress> finished(int call) {
        return conversation(call).finished;
    }

    private Conversation conversation(int call) {
        return conversations.computeIfAbsent(call, Conversation::new);
    }

    private final class Conversation {
        final CompletableFuture<InetSocketAddress> finished = new CompletableFuture<>();
        private final int call;
        private @Nullable InetSocketAddress relay;
        private int echoed;
        private int due;

        Conversation(int call) {
            this.call = call;
        }

        synchronized void talk(InetSocketAddress to) {
            boolean silent = echoed == due;
            relay = to;
            due += packetsPerTalk;
            if (silent) {
                sendNext(to);
            }
        }

        synchronized void greeted() {
            if (relay != null && echoed == 0) {
                sendNext(relay);
            }
        }

        synchronized void echoed(int sequence) {
            if (relay == null || sequence != echoed + 1) {
                return;
            }
            echoed++;
            if (echoed < due) {
                sendNext(relay);
            } else if (echoed == talks * packetsPerTalk) {
                finished.complete(relay);
            }
        }

        private void sendNext(InetSocketAddress to) {
            send(callers, call, echoed + 1, SPEECH, to);
        }

        void failed(IOException problem) {
            finished.completeExceptionally(problem);
        }
    }

    private interface Receiver {
        void received(ByteBuffer packet, SocketAddress from) throws IOException;
    }

    private static DatagramChannel open() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void listen(String name, DatagramChannel channel, Receiver receiver) {
        Thread thread = new Thread(() -> receiveAll(channel, receiver), "rtp-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void receiveAll(DatagramChannel channel, Receiver receiver) {
        ByteBuffer packet = ByteBuffer.allocate(PACKET_LENGTH);
        try {
            while (true) {
                packet.clear();
                SocketAddress from = channel.receive(packet);
                receiver.received(packet.flip(), from);
            }
        } catch (ClosedChannelException e) {
            return; // the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** RFC 3550 5.1, PCMU; the call is the SSRC. */
    private void send(DatagramChannel from, int call, int sequence, byte kind, InetSocketAddress to) {
        ByteBuffer packet = ByteBuffer.allocate(PACKET_LENGTH);
        packet.put(0, (byte) 0x80);
        packet.putShort(2, (short) sequence);
        packet.putInt(4, 160 * sequence);
        packet.putInt(8, call);
        packet.put(HEADER_LENGTH, kind);
        try {
            from.send(packet, to);
        } catch (IOException e) {
            conversation(call).failed(new IOException("call " + call + " cannot send to " + to, e));
        }
    }

    @Override
    public void close() throws IOException {
        callers.close();
        callees.close();
    }
}
