package io.mediaproxy.cli.demo;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.mediaproxy.cli.demo.LadderStep.Party;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/** Keeps what passes the proxy's socket, retransmissions and all. Thread-safe. */
final class MessageTrace implements WireTap {
    private static final double NANOS_PER_MILLI = 1e6;

    /** The bytes are a private copy: whoever renders the trace parses them, not the stack's threads. */
    private record Datagram(long nanos, InetSocketAddress peer, boolean received, ByteBuffer bytes) {}

    private final InetSocketAddress callee;
    private final LongSupplier nanoClock;
    private final List<Datagram> datagrams = new ArrayList<>(); // guarded by itself

    /**
     * @param callee tells the callee's messages from the caller's
     */
    MessageTrace(InetSocketAddress callee, LongSupplier nanoClock) {
        this.callee = callee;
        this.nanoClock = nanoClock;
    }

    @Override
    public void datagram(InetSocketAddress peer, boolean received, byte[] buffer, int offset, int length) {
        ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOfRange(buffer, offset, offset + length));
        synchronized (datagrams) {
            datagrams.add(new Datagram(nanoClock.getAsLong(), peer, received, copy));
        }
    }

    /** The messages so far, in the order of the wire. */
    List<LadderStep> steps() {
        List<Datagram> seen;
        synchronized (datagrams) {
            seen = List.copyOf(datagrams);
        }
        List<LadderStep> steps = new ArrayList<>(seen.size());
        for (Datagram datagram : seen) {
            double millis = (datagram.nanos() - seen.get(0).nanos()) / NANOS_PER_MILLI;
            Party peer = datagram.peer().equals(callee) ? Party.CALLEE : Party.CALLER;
            SIPMessage message = parse(datagram.bytes().array());
            boolean sdp = message != null && message.getRawContent() != null;
            steps.add(
                    datagram.received()
                            ? new LadderStep(millis, peer, Party.PROXY, label(message), sdp)
                            : new LadderStep(millis, Party.PROXY, peer, label(message), sdp));
        }
        return steps;
    }

    private static @Nullable SIPMessage parse(byte[] bytes) {
        try {
            return new StringMsgParser().parseSIPMessage(bytes, true, false, null);
        } catch (ParseException e) {
            return null; // Shown as what it is: not SIP.
        }
    }

    private static String label(@Nullable SIPMessage message) {
        if (message instanceof SIPRequest request) {
            return request.getMethod();
        }
        if (message instanceof SIPResponse response) {
            String method = response.getCSeq().getMethod();
            String status = response.getStatusCode() + " " + response.getReasonPhrase();
            return method.equals(Request.INVITE) ? status : status + " (" + method + ")";
        }
        return "(not SIP)";
    }
}
