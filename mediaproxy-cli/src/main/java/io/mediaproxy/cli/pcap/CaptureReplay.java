package io.mediaproxy.cli.pcap;

import io.mediaproxy.cli.pcap.CaptureRecord.CapturedPacket;
import io.mediaproxy.cli.pcap.Datagram.Part;
import io.mediaproxy.cli.pcap.RewrittenCapture.Place;
import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the SIP messages of a capture through MediaProxy, in the order in which they were sent, as fast as that goes. The file is
 * read once, from its beginning to its end, and what is kept of it is bounded. Not safe for use by more than one thread.
 */
public final class CaptureReplay {
    private final Options options;
    private final SkippedPackets skipped = new SkippedPackets();
    private final Reassembly reassembly;
    private CaptureTotals.@Nullable Damage damage;
    private long packets;
    private long fragments;
    private long notUdp;
    private long notSip;
    private long sipMessages;

    /**
     * How.
     *
     * @param relayAddress IPv4, what the relay says its address is
     * @param maxCalls that are followed at once, at least 1
     * @param json for programs
     * @param wholeCommands in the text, too
     */
    public record Options(
            String relayAddress, IceCandidate iceCandidate, int maxCalls, boolean json, boolean wholeCommands) {}

    /** Opens the file for the capture with the rewritten messages, once it is known that there is one to be rewritten. */
    @FunctionalInterface
    public interface OutputOpener {
        /** Null: none is wanted; else it is closed when the replay ends. */
        @Nullable OutputStream open() throws IOException;
    }

    /** Is told how far it is. */
    public interface Watcher {
        Watcher NOBODY = new Watcher() {
            @Override
            public void read(long bytes) {
                // nobody wants to know
            }

            @Override
            public void clear() {
                // there is nothing
            }
        };

        /** So many bytes of the capture have been read; after each record. */
        void read(long bytes);

        /** Something is about to be shown. */
        void clear();
    }

    /** For one capture. */
    public CaptureReplay(Options options) {
        this.options = options;
        this.reassembly = new Reassembly(why -> skipped.add(why, packets));
    }

    /**
     * Replays the capture; to be called once.
     *
     * @param in buffered; stays the caller's to close
     * @param rewritten for the capture with the rewritten messages
     * @param out each call when it is over, and the totals
     * @throws CaptureException if it is no capture
     * @throws IOException if it cannot be read, or the other not be written
     * @throws InterruptedException if this thread is interrupted
     * @throws UncheckedIOException if the dispatcher cannot be started
     */
    public CaptureTotals run(InputStream in, OutputOpener rewritten, PrintWriter out, Watcher watcher)
            throws CaptureException, IOException, InterruptedException {
        CaptureReader reader = CaptureReader.open(in);
        try (TrialServer server = new TrialServer(options.relayAddress(), options.iceCandidate());
                OutputStream file = rewritten.open()) {
            ReplayOutput shown = options.json() ? new JsonOutput(out) : new TextOutput(out, options.wholeCommands());
            CallBook calls = new CallBook(server, options.maxCalls(), call -> show(call, shown, watcher));
            RewrittenCapture capture = new RewrittenCapture(file);
            read(reader, calls, capture, out, watcher);
            reassembly.finish();
            capture.finish();
            calls.finish();
            CaptureTotals totals = totals(calls);
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

    /** Also ends where nobody reads any more what is shown; whoever gave {@code out} looks whether that is so. */
    private void read(CaptureReader reader, CallBook calls, RewrittenCapture capture, PrintWriter out, Watcher watcher)
            throws IOException, InterruptedException {
        try {
            for (CaptureRecord record = reader.next(); record != null; record = reader.next()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("in the middle of the capture");
                }
                Place place = capture.add(record);
                take(record, place, calls);
                capture.write();
                watcher.read(reader.position());
                if (out.checkError()) {
                    return;
                }
            }
        } catch (DamagedCaptureException e) {
            damage = new CaptureTotals.Damage(e.offset(), String.valueOf(e.getMessage()));
        }
    }

    private void take(CaptureRecord record, Place place, CallBook calls) throws InterruptedException {
        CapturedPacket packet = record.packet();
        if (packet != null || record.problem() != null) {
            packets++;
        }
        if (packet == null) {
            place.done();
            if (record.problem() != null) {
                skipped.add(record.problem(), packets);
            }
            return;
        }
        byte[] frame = Arrays.copyOfRange(record.bytes(), packet.start(), packet.end());
        FrameContent content = FrameContent.of(packet.linkType(), frame, packet.isCut());
        if (content instanceof IpPacket ip && ip.protocol() == IpPacket.UDP) {
            udp(new Part(ip, place), packet.nanos(), calls);
            return;
        }
        place.done();
        if (content instanceof FrameContent.Broken broken) {
            skipped.add(broken.why(), packets);
        } else {
            notUdp++;
        }
    }

    private void udp(Part part, long nanos, CallBook calls) throws InterruptedException {
        if (part.packet().fragment().isWhole()) {
            Datagram datagram = Datagram.of(part);
            if (datagram == null) {
                part.place().done();
                skipped.add(Datagram.BAD_LENGTH, packets);
            } else {
                datagram(datagram, nanos, calls);
            }
            return;
        }
        fragments++;
        Datagram datagram = reassembly.add(part, nanos);
        if (datagram != null) {
            datagram(datagram, nanos, calls);
        }
    }

    private void datagram(Datagram datagram, long nanos, CallBook calls) throws InterruptedException {
        byte[] changed = message(datagram, nanos, calls);
        if (changed != null) {
            replace(datagram, changed);
        }
        datagram.parts().forEach(part -> part.place().done());
    }

    /** The message as it goes on; null: as it came. */
    private byte @Nullable [] message(Datagram datagram, long nanos, CallBook calls) throws InterruptedException {
        byte[] bytes = datagram.bytes();
        int start = datagram.payloadStart();
        if (!SipText.begins(bytes, start, datagram.end())) {
            notSip++;
            return null;
        }
        RawSipMessage sip;
        try {
            sip = RawSipMessage.parse(
                    bytes, start, datagram.end() - start, datagram.source().address());
        } catch (SipSyntaxException e) {
            skipped.add("a message that begins like SIP and is none", packets);
            return null;
        }
        sipMessages++;
        byte[] body = calls.take(new CapturedMessage(
                packets,
                nanos,
                datagram.source(),
                datagram.destination(),
                sip,
                SipText.label(sip, bytes, start, datagram.end())));
        return body == null ? null : sip.withBody(body);
    }

    private void replace(Datagram datagram, byte[] message) {
        List<byte[]> frames = datagram.framesWith(message);
        if (frames.isEmpty()) {
            skipped.add("a rewritten message that no datagram can hold, left as it was", packets);
        } else if (datagram.parts().stream().anyMatch(part -> part.place().isWritten())) {
            skipped.add("a rewritten message whose fragments stand too far apart, left as it was", packets);
        } else {
            for (int i = 0; i < frames.size(); i++) {
                datagram.parts().get(i).place().replace(frames.get(i));
            }
        }
    }

    private CaptureTotals totals(CallBook calls) {
        return new CaptureTotals(
                packets,
                fragments,
                notUdp,
                notSip,
                sipMessages,
                calls.outside(),
                calls.begun(),
                calls.givenUp(),
                calls.rewritten(),
                calls.failed(),
                skipped.reasons(),
                damage);
    }
}
