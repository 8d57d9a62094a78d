package io.mediaproxy.benchmarks.dispatchers;

import io.mediaproxy.benchmarks.SampleCall;
import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.RemoveCommand;
import io.mediaproxy.protocol.UpdateCommand;
import io.mediaproxy.protocol.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends {@code update} with an offer, and {@code remove}, to a MediaProxy dispatcher over a plain blocking socket. */
final class DispatcherCaller implements Caller {
    private static final AtomicLong CALLS = new AtomicLong();
    private static final String RUN = Long.toHexString(ProcessHandle.current().pid());
    private static final int STREAMS = 2;

    private final Wire wire = new Wire();
    private final ByteBuffer out = ByteBuffer.allocateDirect(wire.encoded().length);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1024);
    private final SocketChannel channel;
    private UpdateCommand offer = SampleCall.offer("none");

    DispatcherCaller(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    @Override
    public boolean begin() throws IOException {
        offer = SampleCall.offer(CALLS.incrementAndGet() + "-" + RUN + "@192.0.2.10");
        return ask(wire.encode(offer)) instanceof DispatcherReply.Endpoints endpoints
                && endpoints.ports().size() == STREAMS
                && !endpoints.ports().contains(0);
    }

    @Override
    public boolean end() throws IOException {
        return ask(wire.encode(new RemoveCommand(offer.callId(), offer.fromTag(), offer.toTag())))
                instanceof DispatcherReply.Removed;
    }

    private DispatcherReply ask(int length) throws IOException {
        out.clear().put(wire.encoded(), 0, length).flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        @Nullable DispatcherReply reply = null;
        while (reply == null) {
            if (channel.read(in.clear()) < 0) {
                throw new EOFException("the dispatcher has closed the connection");
            }
            reply = wire.parse(in.flip());
        }
        return reply;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
