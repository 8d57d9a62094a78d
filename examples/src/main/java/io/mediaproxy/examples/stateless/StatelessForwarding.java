package io.mediaproxy.examples.stateless;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mediaproxy.examples.stateless.Forwarding.Answered;
import io.mediaproxy.examples.stateless.Forwarding.Dropped;
import io.mediaproxy.examples.stateless.Forwarding.Onward;
import io.mediaproxy.examples.stateless.Forwarding.Stray;
import io.mediaproxy.session.CallKey;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a stateless proxy (RFC 3261 16.3 to 16.6, 16.11), on the bytes of a message: only those bytes change
 * that a proxy must change. It keeps no state from one message to the next. Strict routers (RFC 2543) are not
 * supported. Not thread-safe.
 */
public final class StatelessForwarding {
    private static final String ACK = "ack";
    private static final String INVITE = "invite";
    private static final String LR = "lr";
    /** The header fields of a response, in this order (RFC 3261 8.2.6.2). */
    private static final List<Integer> OF_RESPONSES =
            List.of(HeaderField.VIA, HeaderField.FROM, HeaderField.TO, HeaderField.CALL_ID, HeaderField.CSEQ);
    /**
     * The methods that create a dialog. Within a dialog, too, in case a party lost its route set (RFC 3261 16.6, step
     * 4).
     */
    private static final List<String> RECORDED = List.of(INVITE, "subscribe", "refer");

    private final Routing routing;
    private final byte[] recordRoute;
    private final byte[] viaBeforeBranch;
    private final BranchSeal seal = new BranchSeal();
    private final SipHead head = new SipHead();
    private final ViaValue via = new ViaValue();
    private final ViaValue nextVia = new ViaValue();
    private final RouteValue route = new RouteValue();
    private final HeadEdits edits = new HeadEdits();

    public StatelessForwarding(Routing routing) {
        this.routing = routing;
        this.recordRoute = ("Record-Route: <" + routing.recordRouteUri() + ">\r\n").getBytes(US_ASCII);
        this.viaBeforeBranch = ("Via: SIP/2.0/UDP " + routing.sentBy() + ";branch=").getBytes(US_ASCII);
    }

    /** Decides about one message in a part of an array, which is only read. */
    public Forwarding forward(byte[] array, int start, int end, InetSocketAddress source) {
        edits.clear();
        if (!head.read(array, start, end)) {
            return new Dropped("no SIP message");
        }
        if (!head.has(HeaderField.VIA)
                || !via.read(array, head.valueStart(HeaderField.VIA), head.valueEnd(HeaderField.VIA))) {
            return new Dropped("no Via");
        }
        return head.isRequest() ? request(source) : response();
    }

    /** Refuses a request that is valid here, but that the stack cannot read. */
    public Forwarding badRequest(byte[] array, int start, int end, InetSocketAddress source) {
        Forwarding forwarding = forward(array, start, end, source);
        if (forwarding instanceof Onward && head.isRequest()) {
            edits.clear();
            via.noteSource(source, edits);
            return refuse(Refusal.badRequest("It Cannot Be Read"), source);
        }
        return new Dropped("a response that cannot be read");
    }

    /**
     * Whether a message is an INVITE that begins a call.
     *
     * @param isEngaged returns whether the server has the call already, so that its INVITE was sent again
     */
    boolean beginsCall(byte[] array, int start, int end, Predicate<CallKey> isEngaged) {
        return readRequest(array, start, end, INVITE)
                && tag(HeaderField.TO).isEmpty()
                && !isEngaged.test(new CallKey(text(HeaderField.CALL_ID), tag(HeaderField.FROM)));
    }

    /** Refuses the INVITE for which {@link #beginsCall} returned true, with a 503 and Retry-After. */
    Forwarding refuseNewCall(InetSocketAddress source) {
        return refuse(Refusal.BUSY, source);
    }

    /** Whether a message is the ACK to a refusal by this class. */
    boolean isAckToOwnRefusal(byte[] array, int start, int end) {
        return readRequest(array, start, end, ACK) && contains(HeaderField.TO, ownTag());
    }

    private boolean readRequest(byte[] array, int start, int end, String lowerCaseMethod) {
        return head.read(array, start, end)
                && head.isMethod(lowerCaseMethod)
                && OF_RESPONSES.stream().allMatch(head::has)
                && via.read(array, head.valueStart(HeaderField.VIA), head.valueEnd(HeaderField.VIA));
    }

    private String tag(int field) {
        return AddressTag.of(head.array(), head.valueStart(field), head.valueEnd(field));
    }

    private Forwarding response() {
        if (!via.isSentBy(routing.own())) {
            return new Stray();
        }
        if (!head.isContentComplete()) {
            return new Dropped("a response whose Content-Length does not fit");
        }
        int lineStart = head.lineStart(HeaderField.VIA);
        int nextLine = head.nextLine(HeaderField.VIA);
        if (via.next() >= 0) {
            edits.remove(head.valueStart(HeaderField.VIA), via.next());
        } else {
            edits.remove(lineStart, nextLine);
        }
        InetSocketAddress target = readNextVia(nextLine) ? nextVia.responseAddress() : null;
        if (target == null) {
            return new Dropped("a response whose next Via names no address");
        }
        return seal.isSealed(via.branch(), text(target)) ? new Onward(edited(), target) : new Stray();
    }

    /** The message with its edits, and without the bytes after its body (RFC 3261 18.3). */
    private ByteBuffer edited() {
        return ByteBuffer.wrap(edits.apply(head.array(), head.start(), head.bodyEnd()));
    }

    private boolean readNextVia(int nextLine) {
        if (via.next() >= 0) {
            return nextVia.read(head.array(), via.next(), head.valueEnd(HeaderField.VIA));
        }
        int line = head.findFrom(HeaderField.VIA, nextLine);
        if (line < 0) {
            return false;
        }
        int colon = Ascii.indexOf(head.array(), line, head.bodyStart(), ':');
        int end = Ascii.trimEnd(head.array(), colon + 1, head.nextField(line));
        return nextVia.read(head.array(), colon + 1, end);
    }

    private Forwarding request(InetSocketAddress source) {
        for (int field : OF_RESPONSES) {
            if (!head.has(field)) {
                return new Dropped("a request without " + HeaderField.name(field));
            }
        }
        via.noteSource(source, edits);
        String tag = ownTag();
        if (head.isMethod(ACK) && contains(HeaderField.TO, tag)) {
            return new Dropped("the ACK to a refusal of this proxy");
        }
        Refusal refusal = check();
        if (refusal != null) {
            return refuse(refusal, source);
        }
        Routing.Step step = routing.step(
                readRoute(),
                UriTarget.isSip(head.array(), head.uriStart(), head.uriEnd()),
                UriTarget.parse(head.array(), head.uriStart(), head.uriEnd()));
        InetSocketAddress target = step.target();
        if (target == null) {
            return refuse(Objects.requireNonNull(step.refusal()), source);
        }
        edits.insert(head.fieldsStart(), ownVia(source));
        for (String method : RECORDED) {
            if (head.isMethod(method)) {
                edits.insert(head.fieldsStart(), recordRoute);
            }
        }
        return new Onward(edited(), target);
    }

    /** Validates the request (RFC 3261 16.3) and counts the hop. Returns null if it is valid. */
    private @Nullable Refusal check() {
        if (!head.isContentComplete()) {
            return Refusal.badRequest("Content-Length Does Not Fit");
        }
        if (!isCseqOfMethod()) {
            return Refusal.badRequest("CSeq Does Not Fit The Method");
        }
        if (head.has(HeaderField.MAX_FORWARDS)) {
            int start = head.valueStart(HeaderField.MAX_FORWARDS);
            int end = head.valueEnd(HeaderField.MAX_FORWARDS);
            int hops = Ascii.number(head.array(), start, end);
            if (hops <= 0) {
                return hops == 0 ? Refusal.TOO_MANY_HOPS : Refusal.badRequest("Max-Forwards Is No Number");
            }
            edits.replace(start, end, Integer.toString(Routing.hopsAfter(hops)).getBytes(US_ASCII));
        } else {
            edits.insert(head.fieldsStart(), ("Max-Forwards: " + Routing.MAX_FORWARDS + "\r\n").getBytes(US_ASCII));
        }
        return head.has(HeaderField.PROXY_REQUIRE) ? Refusal.badExtension(text(HeaderField.PROXY_REQUIRE)) : null;
    }

    private boolean isCseqOfMethod() {
        int methodStart = head.start();
        int length = head.methodEnd() - methodStart;
        int start = head.valueEnd(HeaderField.CSEQ) - length;
        if (start <= head.valueStart(HeaderField.CSEQ) || !Ascii.isWhiteSpace(head.array()[start - 1])) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (head.array()[start + i] != head.array()[methodStart + i]) {
                return false;
            }
        }
        int numberEnd = Ascii.trimEnd(head.array(), head.valueStart(HeaderField.CSEQ), start);
        for (int i = head.valueStart(HeaderField.CSEQ); i < numberEnd; i++) {
            if (!Ascii.isDigit(head.array()[i])) {
                return false;
            }
        }
        return true;
    }

    /** Reads the Route, and removes all values at its beginning that name the proxy (RFC 3261 16.4). */
    private Routing.Route readRoute() {
        byte[] array = head.array();
        if (!head.has(HeaderField.ROUTE)) {
            return Routing.Route.NONE;
        }
        boolean ofDialog = false;
        int line = head.lineStart(HeaderField.ROUTE);
        do {
            int nextLine = head.nextField(line);
            int valueStart = Ascii.skipWhiteSpace(array, Ascii.indexOf(array, line, nextLine, ':') + 1, nextLine);
            int valueEnd = Ascii.trimEnd(array, valueStart, nextLine);
            int pos = valueStart;
            while (pos >= 0) {
                if (!route.read(array, pos, valueEnd)) {
                    return Routing.Route.UNREADABLE;
                }
                if (!routing.isOwn(UriTarget.parse(array, route.uriStart(), route.uriEnd()))) {
                    edits.remove(valueStart, pos);
                    return nextHop(ofDialog);
                }
                ofDialog |= UriTarget.hasParameter(array, route.uriStart(), route.uriEnd(), Routing.OF_DIALOG);
                pos = route.next();
            }
            edits.remove(line, nextLine);
            line = head.findFrom(HeaderField.ROUTE, nextLine);
        } while (line >= 0);
        return Routing.Route.over(ofDialog);
    }

    /** The route that was read last is not the proxy's. */
    private Routing.Route nextHop(boolean ofDialog) {
        byte[] array = head.array();
        return UriTarget.hasParameter(array, route.uriStart(), route.uriEnd(), LR)
                ? Routing.Route.to(UriTarget.parse(array, route.uriStart(), route.uriEnd()), ofDialog)
                : Routing.Route.UNREADABLE;
    }

    private byte[] ownVia(InetSocketAddress source) {
        String branch = seal.branch(transaction().digits(), text(responseTarget(source)));
        byte[] line = Arrays.copyOf(viaBeforeBranch, viaBeforeBranch.length + branch.length() + 2);
        System.arraycopy(branch.getBytes(US_ASCII), 0, line, viaBeforeBranch.length, branch.length());
        line[line.length - 2] = '\r';
        line[line.length - 1] = '\n';
        return line;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ':' + address.getPort();
    }

    private String ownTag() {
        return Branch.TAG_PREFIX + transaction().digits();
    }

    /** Hashes the parts that the request shares with its retransmissions, its CANCEL and the ACK to its refusal. */
    private Branch transaction() {
        byte[] array = head.array();
        Branch branch = new Branch().add(array, via.sentByStart(), via.sentByEnd());
        if (via.hasBranch() && Branch.isUnique(array, via.branchStart(), via.branchEnd())) {
            return branch.add(array, via.branchStart(), via.branchEnd());
        }
        // From an element older than RFC 3261. Without the To tag, which the ACK has and the INVITE has not.
        int cseqEnd = head.valueStart(HeaderField.CSEQ);
        while (cseqEnd < head.valueEnd(HeaderField.CSEQ) && Ascii.isDigit(array[cseqEnd])) {
            cseqEnd++;
        }
        return branch.add(array, head.valueStart(HeaderField.VIA), head.valueEnd(HeaderField.VIA))
                .add(array, head.valueStart(HeaderField.FROM), head.valueEnd(HeaderField.FROM))
                .add(array, head.valueStart(HeaderField.CALL_ID), head.valueEnd(HeaderField.CALL_ID))
                .add(array, head.valueStart(HeaderField.CSEQ), cseqEnd)
                .add(array, head.uriStart(), head.uriEnd());
    }

    /** Builds the stateless response (RFC 3261 8.2.7); an ACK gets none. */
    private Forwarding refuse(Refusal refusal, InetSocketAddress source) {
        if (head.isMethod(ACK)) {
            return new Dropped("an ACK that cannot be forwarded: " + refusal.reason());
        }
        edits.clear();
        via.noteSource(source, edits);
        if (!contains(HeaderField.TO, ";tag=")) {
            int end = head.valueEnd(HeaderField.TO);
            edits.insert(end, (";tag=" + ownTag()).getBytes(US_ASCII));
        }
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes(("SIP/2.0 " + refusal.status() + " " + refusal.reason() + "\r\n").getBytes(US_ASCII));
        for (int field : OF_RESPONSES) {
            int line = head.lineStart(field);
            do {
                int next = head.nextField(line);
                response.writeBytes(edits.apply(head.array(), line, next));
                line = field == HeaderField.VIA ? head.findFrom(field, next) : -1;
            } while (line >= 0);
        }
        if (refusal.unsupported() != null) {
            response.writeBytes(("Unsupported: " + refusal.unsupported() + "\r\n").getBytes(UTF_8));
        }
        if (refusal.retryAfter() > 0) {
            response.writeBytes(("Retry-After: " + refusal.retryAfter() + "\r\n").getBytes(US_ASCII));
        }
        response.writeBytes("Content-Length: 0\r\n\r\n".getBytes(US_ASCII));
        return new Answered(ByteBuffer.wrap(response.toByteArray()), responseTarget(source));
    }

    /**
     * The request's source address, with the port in its Via unless that asks for the source port (RFC 3261 18.2.2, RFC
     * 3581 4).
     */
    private InetSocketAddress responseTarget(InetSocketAddress source) {
        return via.asksForSourcePort() ? source : new InetSocketAddress(source.getAddress(), via.port());
    }

    private boolean contains(int field, String text) {
        return text(field).contains(text);
    }

    private String text(int field) {
        int start = head.valueStart(field);
        return new String(head.array(), start, head.valueEnd(field) - start, UTF_8);
    }
}
