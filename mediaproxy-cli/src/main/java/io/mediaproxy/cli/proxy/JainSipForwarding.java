package io.mediaproxy.cli.proxy;

import gov.nist.javax.sip.message.MessageExt;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.HopImpl;
import gov.nist.javax.sip.stack.MessageChannel;
import io.mediaproxy.examples.jainsip.ExampleStack;
import io.mediaproxy.examples.stateless.Branch;
import io.mediaproxy.examples.stateless.HostAddress;
import io.mediaproxy.examples.stateless.Refusal;
import io.mediaproxy.examples.stateless.Routing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.Iterator;
import java.util.List;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.header.ProxyRequireHeader;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.UnsupportedHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a stateless proxy (RFC 3261 16.3 to 16.6, 16.11) on JAIN-SIP's messages; the same as on pkts.
 * Thread-safe.
 */
final class JainSipForwarding {
    private static final List<String> RECORDED = List.of(Request.INVITE, Request.SUBSCRIBE, Request.REFER);

    private final ExampleStack sip;
    private final Routing routing;

    JainSipForwarding(ExampleStack sip, @Nullable InetSocketAddress next) {
        this.sip = sip;
        this.routing = new Routing(sip.listenAddress(), next);
    }

    /** Decides where a request goes, and stores the address with it. Returns the refusal if it cannot be forwarded. */
    @Nullable Refusal decide(Request request) {
        MaxForwardsHeader hops = (MaxForwardsHeader) request.getHeader(MaxForwardsHeader.NAME);
        if (hops != null && hops.getMaxForwards() == 0) {
            return Refusal.TOO_MANY_HOPS;
        }
        if (request.getHeader(ProxyRequireHeader.NAME) instanceof ProxyRequireHeader required) {
            return Refusal.badExtension(required.getOptionTag());
        }
        URI uri = request.getRequestURI();
        Routing.Step step = routing.step(route(request), isSip(uri), target(uri));
        if (step.refusal() == null) {
            ((MessageExt) request).setApplicationData(step.target());
        }
        return step.refusal();
    }

    /** Reads the Route without the values at its beginning that name the proxy. */
    private Routing.Route route(Request request) {
        boolean ofDialog = false;
        Iterator<?> routes = request.getHeaders(RouteHeader.NAME);
        while (routes.hasNext()) {
            URI uri = uri(routes.next());
            if (!isUs(uri)) {
                return uri instanceof SipURI router && router.hasLrParam()
                        ? Routing.Route.to(target(router), ofDialog)
                        : Routing.Route.UNREADABLE;
            }
            ofDialog |= ((SipURI) uri).getParameter(Routing.OF_DIALOG) != null;
        }
        return Routing.Route.over(ofDialog);
    }

    private boolean isUs(URI uri) {
        return routing.isOwn(target(uri));
    }

    private static @Nullable InetSocketAddress target(URI uri) {
        if (!isSip(uri)) {
            return null;
        }
        SipURI target = (SipURI) uri;
        InetAddress address = HostAddress.parse(target.getHost());
        int port = target.getPort() < 0 ? Routing.DEFAULT_PORT : target.getPort();
        return address != null && Routing.isPort(port) ? new InetSocketAddress(address, port) : null;
    }

    private static boolean isSip(URI uri) {
        return uri instanceof SipURI known && !known.isSecure();
    }

    private static URI uri(Object route) {
        return ((RouteHeader) route).getAddress().getURI();
    }

    /** Forwards a request to the address that {@link #decide} stored. */
    void forward(Request request) throws ParseException, InvalidArgumentException, IOException {
        Branch branch = transaction(request);
        MaxForwardsHeader hops = (MaxForwardsHeader) request.getHeader(MaxForwardsHeader.NAME);
        if (hops == null) {
            request.setHeader(sip.headers().createMaxForwardsHeader(Routing.MAX_FORWARDS));
        } else {
            hops.setMaxForwards(Routing.hopsAfter(hops.getMaxForwards()));
        }
        while (request.getHeader(RouteHeader.NAME) instanceof RouteHeader route && isUs(uri(route))) {
            request.removeFirst(RouteHeader.NAME);
        }
        if (RECORDED.contains(request.getMethod())) {
            add(request, sip.headers().createHeader(RecordRouteHeader.NAME, '<' + routing.recordRouteUri() + '>'));
        }
        add(request, sip.via(request, branch.digits()));
        InetSocketAddress target = (InetSocketAddress) ((MessageExt) request).getApplicationData();
        send(request, target);
    }

    private static void add(Request request, javax.sip.header.Header header) {
        try {
            request.addFirst(header);
        } catch (SipException e) {
            throw new IllegalStateException(e); // only for a null header
        }
    }

    /** Bypasses the provider, which would ask the stack's own router for the next hop. */
    private void send(Request request, InetSocketAddress target) throws IOException {
        ListeningPoint from = sip.provider().getListeningPoint(ListeningPoint.UDP);
        MessageChannel channel = sip.stack()
                .createRawMessageChannel(
                        from.getIPAddress(), // of 0.0.0.0 the stack has another spelling
                        from.getPort(),
                        new HopImpl(target.getAddress().getHostAddress(), target.getPort(), ListeningPoint.UDP));
        if (channel == null) {
            throw new IOException("the stack has no channel to " + target);
        }
        channel.sendMessage((SIPMessage) request);
    }

    /** Forwards a response to the address in its next Via. */
    void forward(Response response) throws SipException {
        response.removeFirst(ViaHeader.NAME);
        sip.provider().sendResponse(response);
    }

    /** Sends a refusal. The stack has set {@code received} and {@code rport} already. */
    void refuse(Request request, Refusal refusal) throws ParseException, SipException {
        Response response = sip.messages().createResponse(refusal.status(), request);
        response.setReasonPhrase(refusal.reason());
        ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
        if (to.getTag() == null) {
            to.setTag(ownTag(request));
        }
        if (refusal.unsupported() != null) {
            response.setHeader(sip.headers().createHeader(UnsupportedHeader.NAME, refusal.unsupported()));
        }
        sip.provider().sendResponse(response);
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
        return via.getPort() > 0 ? via.getPort() : Routing.DEFAULT_PORT;
    }
}
