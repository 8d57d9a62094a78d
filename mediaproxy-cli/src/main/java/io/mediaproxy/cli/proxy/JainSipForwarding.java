package io.mediaproxy.cli.proxy;

import gov.nist.javax.sip.message.MessageExt;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.HopImpl;
import gov.nist.javax.sip.stack.MessageChannel;
import io.mediaproxy.cli.demo.UdpStack;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Iterator;
import java.util.List;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.PeerUnavailableException;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipProvider;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.ProxyRequireHeader;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.UnsupportedHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a stateless proxy (RFC 3261 16.3 to 16.6, 16.11) on JAIN-SIP's messages; the same as {@link StatelessForwarding}. Safe
 * for use by many threads.
 */
final class JainSipForwarding {
    private static final List<String> RECORDED = List.of(Request.INVITE, Request.SUBSCRIBE, Request.REFER);

    private final UdpStack stack;
    private final SipProvider provider;
    private final Routing routing;
    private final HeaderFactory headers;
    private final MessageFactory messages;
    private final String host;

    JainSipForwarding(UdpStack stack, SipProvider provider, Routing routing) throws PeerUnavailableException {
        this.stack = stack;
        this.provider = provider;
        this.routing = routing;
        this.headers = SipFactory.getInstance().createHeaderFactory();
        this.messages = SipFactory.getInstance().createMessageFactory();
        this.host = routing.own().getAddress().getHostAddress();
    }

    /** Finds out where a request goes, and notes that with it; or why it goes nowhere. */
    @Nullable Refusal decide(Request request) {
        MaxForwardsHeader hops = (MaxForwardsHeader) request.getHeader(MaxForwardsHeader.NAME);
        if (hops != null && hops.getMaxForwards() == 0) {
            return Refusal.TOO_MANY_HOPS;
        }
        if (request.getHeader(ProxyRequireHeader.NAME) instanceof ProxyRequireHeader required) {
            return Refusal.badExtension(required.getOptionTag());
        }
        byte[] uri = bytes(request.getRequestURI());
        Routing.Step step = routing.step(route(request), uri, 0, uri.length);
        if (step.refusal() == null) {
            ((MessageExt) request).setApplicationData(step.target());
        }
        return step.refusal();
    }

    private Routing.Route route(Request request) {
        Iterator<?> routes = request.getHeaders(RouteHeader.NAME);
        if (!routes.hasNext()) {
            return Routing.Route.NONE;
        }
        URI first = uri(routes.next());
        if (!isUs(first)) {
            return nextHop(first, false);
        }
        boolean ofDialog = ((SipURI) first).getParameter(Routing.OF_DIALOG) != null;
        return routes.hasNext() ? nextHop(uri(routes.next()), ofDialog) : Routing.Route.over(ofDialog);
    }

    private static Routing.Route nextHop(URI route, boolean ofDialog) {
        return route instanceof SipURI sip && sip.hasLrParam()
                ? Routing.Route.to(target(sip), ofDialog)
                : Routing.Route.UNREADABLE;
    }

    private boolean isUs(URI uri) {
        return routing.own().equals(target(uri));
    }

    private static @Nullable InetSocketAddress target(URI uri) {
        byte[] bytes = bytes(uri);
        return UriTarget.parse(bytes, 0, bytes.length);
    }

    private static URI uri(Object route) {
        return ((RouteHeader) route).getAddress().getURI();
    }

    private static byte[] bytes(URI uri) {
        return uri.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Sends a request on to where it was decided that it goes. */
    void forward(Request request) throws ParseException, InvalidArgumentException, IOException {
        Branch branch = transaction(request);
        MaxForwardsHeader hops = (MaxForwardsHeader) request.getHeader(MaxForwardsHeader.NAME);
        if (hops == null) {
            request.setHeader(headers.createMaxForwardsHeader(Routing.MAX_FORWARDS));
        } else {
            hops.setMaxForwards(hops.getMaxForwards() - 1);
        }
        if (request.getHeader(RouteHeader.NAME) instanceof RouteHeader route && isUs(uri(route))) {
            request.removeFirst(RouteHeader.NAME);
        }
        if (RECORDED.contains(request.getMethod())) {
            add(request, headers.createHeader(RecordRouteHeader.NAME, '<' + routing.recordRouteUri() + '>'));
        }
        add(
                request,
                headers.createViaHeader(
                        host, routing.own().getPort(), ListeningPoint.UDP, Branch.MAGIC_COOKIE + branch.digits()));
        InetSocketAddress target = (InetSocketAddress) ((MessageExt) request).getApplicationData();
        send(request, target);
    }

    private static void add(Request request, javax.sip.header.Header header) {
        try {
            request.addFirst(header);
        } catch (SipException e) {
            throw new IllegalStateException(e); // of a null header
        }
    }

    /** Not through the provider, which would ask its own router for the way. */
    private void send(Request request, InetSocketAddress target) throws IOException {
        MessageChannel channel = stack.createRawMessageChannel(
                host,
                routing.own().getPort(),
                new HopImpl(target.getAddress().getHostAddress(), target.getPort(), ListeningPoint.UDP));
        if (channel == null) {
            throw new IOException("the stack has no way to " + target);
        }
        channel.sendMessage((SIPMessage) request);
    }

    /** Whether the topmost Via is the one that we added, and there is another below it. */
    boolean isOurs(Response response) {
        Iterator<?> vias = response.getHeaders(ViaHeader.NAME);
        return vias.hasNext()
                && vias.next() instanceof ViaHeader own
                && own.getHost().equals(host)
                && port(own) == routing.own().getPort()
                && vias.hasNext();
    }

    /** Sends a reply on to where its next Via says. */
    void forward(Response response) throws SipException {
        response.removeFirst(ViaHeader.NAME);
        provider.sendResponse(response);
    }

    /** The stack has seen to {@code received} and {@code rport}. */
    void refuse(Request request, Refusal refusal) throws ParseException, SipException {
        Response reply = messages.createResponse(refusal.status(), request);
        reply.setReasonPhrase(refusal.reason());
        ToHeader to = (ToHeader) reply.getHeader(ToHeader.NAME);
        if (to.getTag() == null) {
            to.setTag(ownTag(request));
        }
        if (refusal.unsupported() != null) {
            reply.setHeader(headers.createHeader(UnsupportedHeader.NAME, refusal.unsupported()));
        }
        provider.sendResponse(reply);
    }

    boolean isAckToOwnRefusal(Request request) {
        return request.getMethod().equals(Request.ACK)
                && request.getHeader(ToHeader.NAME) instanceof ToHeader to
                && ownTag(request).equals(to.getTag());
    }

    private static String ownTag(Request request) {
        return Branch.TAG_PREFIX + transaction(request).digits();
    }

    private static Branch transaction(Request request) {
        ViaHeader via = (ViaHeader) request.getHeader(ViaHeader.NAME);
        Branch branch = new Branch().add(via.getHost() + ':' + port(via));
        if (via.getBranch() != null && via.getBranch().startsWith(Branch.MAGIC_COOKIE)) {
            return branch.add(via.getBranch());
        }
        return branch.add(via.toString())
                .add(((FromHeader) request.getHeader(FromHeader.NAME)).toString())
                .add(((CallIdHeader) request.getHeader(CallIdHeader.NAME)).getCallId())
                .add(Long.toString(((CSeqHeader) request.getHeader(CSeqHeader.NAME)).getSeqNumber()))
                .add(request.getRequestURI().toString());
    }

    private static int port(ViaHeader via) {
        return via.getPort() > 0 ? via.getPort() : ViaValue.DEFAULT_PORT;
    }
}
