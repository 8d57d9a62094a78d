package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import io.mediaproxy.cli.pcap.Datagram.Part;
import io.mediaproxy.cli.pcap.RewrittenCapture.Place;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the SIP messages of a capture through MediaProxy, in the order in which they were sent, without their pauses.
 * Reads the file once and keeps a bounded part of it. Not thread-safe.
 */
public final class CaptureReplay {
    private final Options options;
    private final CaptureTotals totals = new CaptureTotals();
    private final Reassembly reassembly = new Reassembly(totals::skip);

    /**
     * Replay options.
     *
     * @param relayAddress IPv4, the address that the relay advertises
     * @param maxCalls most calls that are followed at once, at least 1
     * @param json whether the output is JSON
     * @param wholeCommands whether text output has whole commands
     */
    public record Options(
            String relayAddress, IceCandidate iceCandidate, int maxCalls, boolean json, boolean wholeCommands) {}

    /**
     * Opens the file for the capture with the rewritten messages. It is called after the input proved to be a capture.
     */
    @FunctionalInterface
    public interface OutputOpener {
        /** Returns a stream that the replay closes; null if none is wanted. */
        @Nullable OutputStream open() throws IOException;
    }

    /** Receives progress; by default it ignores it. */
    public interface Watcher {
        Watcher NONE = new Watcher() {};

        /**
         * Called after each record.
         *
         * @param bytes of the capture that have been read
         */
        default void read(long bytes) {}

        /** Called before output. */
        default void clear() {}
    }

    /** Creates a replay of one capture. */
    public CaptureReplay(Options options) {
        this.options = options;
    }

    /**
     * Replays the capture; to be called once.
     *
     * @param in buffered; the caller closes it
     * @param rewritten for the capture with the rewritten messages
     * @param out gets each call when it is over, and the totals; the replay ends early if it cannot be written to
     * @return the counts, which are also in the output
     * @throws CaptureException if it is no capture
     * @throws IOException if it cannot be read, or the rewritten one not be written
     * @throws InterruptedException if this thread is interrupted
     * @throws UncheckedIOException if the dispatcher cannot be started
     */
    public CaptureTotals run(InputStream in, OutputOpener rewritten, PrintWriter out, Watcher watcher)
            throws CaptureException, IOException, InterruptedException {
        CaptureInput input = new CaptureInput(in);
        CaptureReader reader = CaptureReader.open(input);
        try (TrialServer server = new TrialServer(options.relayAddress(), options.iceCandidate());
                OutputStream file = rewritten.open()) {
            ReplayOutput shown = options.json() ? new JsonOutput(out) : new TextOutput(out, options.wholeCommands());
            CallBook calls = new CallBook(server, options.maxCalls(), call -> show(call, shown, watcher), totals);
            RewrittenCapture capture = new RewrittenCapture(file);
            try {
                CaptureRecord record = reader.header();
                while (record != null && !out.checkError()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("in the middle of the capture");
                    }
                    take(record, capture.add(record), calls);
                    capture.write();
                    watcher.read(input.position());
                    record = reader.next();
                }
            } catch (CaptureException e) {
                totals.damage = new CaptureTotals.Damage(e.offset(), String.valueOf(e.getMessage()));
            }
            reassembly.finish();
            capture.finish();
            calls.finish();
            watcher.clear();
            shown.totals(totals);
            return totals;
        }
    }

    private static void show(CallReport call, ReplayOutput shown, Watcher watcher) {
        try {
            watcher.clear();
            shown.call(call);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(CaptureRecord record, Place place, CallBook calls) throws InterruptedException {
        CapturedPacket packet = record.packet();
        if (packet == null) {
            place.release();
            if (record.problem() != null) {
                totals.packets++;
                totals.skip(record.problem());
            }
            return;
        }
        totals.packets++;
        FrameContent content = LinkLayer.read(packet.linkType(), packet.frame(), packet.isCut());
        if (content instanceof IpPacket ip && ip.protocol() == IpPacket.UDP) {
            udp(new Part(ip, place), packet.nanos(), calls);
            return;
        }
        place.release();
        if (content instanceof FrameContent.Broken broken) {
            totals.skip(broken.why());
        } else {
            totals.notUdp++;
        }
    }

    private void udp(Part part, long nanos, CallBook calls) throws InterruptedException {
        boolean whole = part.packet().fragment().isWhole();
        totals.fragments += whole ? 0 : 1;
        Datagram datagram = whole ? Datagram.of(List.of(part), part.packet().payload()) : reassembly.add(part, nanos);
        if (datagram != null) {
            byte[] changed = message(datagram, nanos, calls);
            if (changed != null) {
                replace(datagram, changed);
            }
            datagram.parts().forEach(each -> each.place().release());
        } else if (whole) {
            part.place().release();
            totals.skip(Datagram.BAD_LENGTH);
        }
    }

    /**
     * Takes the message in a datagram.
     *
     * @return the rewritten message; null if it is unchanged, or there is none
     */
    private byte @Nullable [] message(Datagram datagram, long nanos, CallBook calls) throws InterruptedException {
        if (datagram.isVxlan()) {
            totals.skip("encapsulated: VXLAN");
            return null;
        }
        CapturedMessage message;
        try {
            message = CapturedMessage.read(totals.packets, nanos, datagram);
        } catch (SipSyntaxException e) {
            totals.skip("a message has a first line of SIP and is not SIP");
            return null;
        }
        if (message == null) {
            totals.notSip++;
            return null;
        }
        totals.sipMessages++;
        byte[] body = calls.take(message);
        return body == null ? null : message.sip().withBody(body);
    }

    private void replace(Datagram datagram, byte[] message) {
        List<ByteBuffer> frames = datagram.framesWith(message);
        if (frames.isEmpty()) {
            totals.skip("a rewritten message is too long for a datagram, and is written as it was");
        } else if (datagram.parts().stream().anyMatch(part -> part.place().isWritten())) {
            totals.skip("the fragments of a rewritten message are too far apart, and are written as they were");
        } else {
            for (int i = 0; i < frames.size(); i++) {
                datagram.parts().get(i).place().replace(frames.get(i));
            }
        }
    }
}
