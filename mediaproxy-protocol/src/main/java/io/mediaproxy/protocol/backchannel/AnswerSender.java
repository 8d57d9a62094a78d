package io.mediaproxy.protocol.backchannel;

import io.mediaproxy.protocol.NanoClock;
import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Log;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.slf4j.event.Level;

/**
 * Sends answers, from a socket without an address. Not thread-safe.
 *
 * <p>It does not use the socket that receives requests: junixsocket closes a socket when a send fails, and a send fails
 * when the sender of the request is gone. Any sender could close the back channel like that.
 *
 * <p>The queue of a sender holds few datagrams (10 by default), and a sender of many requests reads the answers only
 * afterwards. For a socket that is not connected, the kernel does not report when there is room again. Therefore a send
 * is tried again after a pause.
 */
final class AnswerSender implements AutoCloseable {
    private static final Log LOG = Log.of(AnswerSender.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanoClock clock;
    private final CountedLine noAnswer;
    private @Nullable AFUNIXDatagramChannel channel;

    AnswerSender(NanoClock clock) {
        this.clock = clock;
        this.noAnswer = LOG.counted(Level.WARN, clock::nanoTime);
    }

    /**
     * Sends an answer, or logs why that failed.
     *
     * @param sender of the request
     * @param deadlineNanos until when to wait for room; at least one attempt is made
     */
    void send(byte[] answer, SocketAddress sender, long deadlineNanos) {
        try {
            AFUNIXDatagramChannel open = open();
            ByteBuffer datagram = ByteBuffer.wrap(answer);
            while (open.send(datagram, sender) == 0) {
                if (clock.nanoTime() - deadlineNanos >= 0) {
                    noAnswer.log("no answer to {}: it does not read its answers", sender);
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            noAnswer.log("no answer to {}: {}", sender, e.toString());
            close();
        }
    }

    private AFUNIXDatagramChannel open() throws IOException {
        AFUNIXDatagramChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = AFUNIXDatagramChannel.open();
            channel = open;
            open.configureBlocking(false);
        }
        return open;
    }

    /** Closes the socket; the next answer opens a new one. Calling it again has no effect. */
    @Override
    public void close() {
        AFUNIXDatagramChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("closing a socket for answers failed", e);
            }
        }
    }
}
