package io.mediaproxy.jainsip;

import io.mediaproxy.protocol.log.CountedLine;
import io.mediaproxy.protocol.log.Excerpt;
import io.mediaproxy.protocol.log.Log;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.DialogParty;
import io.mediaproxy.session.EngagedCalls;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaTimeout;
import io.mediaproxy.session.sip.SipMessageView;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogState;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.PeerUnavailableException;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipProvider;
import javax.sip.Transaction;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.HeaderFactory;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Ends a call whose media stopped, by a BYE to both parties: within the server's dialogs if it has any (B2BUA),
 * otherwise as the other party would send it, with the data of their messages (proxy). Thread-safe.
 */
final class HangUp implements Consumer<MediaTimeout> {
    private static final Log LOG = Log.of(HangUp.class);
    private static final CountedLine UNKNOWN = LOG.counted(Level.WARN, System::nanoTime);
    private static final CountedLine UNSENT = LOG.counted(Level.WARN, System::nanoTime);
    private static final int MAX_FORWARDS = 70;
    private static final int DEFAULT_PORT = 5060;

    /** The provider and the dialogs of one call; an answered fork has several dialogs. */
    private record Seen(SipProvider provider, List<Dialog> dialogs) {}

    private final boolean needed;
    private final EngagedCalls calls;
    private final HeaderFactory headers;
    private final MessageFactory messages;
    private final Map<CallKey, Seen> seen = new ConcurrentHashMap<>();

    HangUp(MediaProxy mediaProxy) throws PeerUnavailableException {
        needed = mediaProxy.hasBackChannel();
        calls = mediaProxy.engagedCalls();
        SipFactory factory = SipFactory.getInstance();
        headers = factory.createHeaderFactory();
        messages = factory.createMessageFactory();
        calls.onEnded((call, removal) -> seen.remove(call));
    }

    /** Notes a message of an engaged call, or of its second leg. */
    void saw(SipMessageView message, SipProvider provider, @Nullable Dialog dialog) {
        if (!needed) {
            return;
        }
        calls.find(message).ifPresent(engaged -> {
            Seen call = seen.computeIfAbsent(
                    engaged, id -> new Seen(provider, Collections.synchronizedList(new ArrayList<>(2))));
            if (dialog != null && !call.dialogs().contains(dialog)) {
                call.dialogs().add(dialog);
            }
            if (!calls.isEngaged(engaged)) {
                seen.remove(engaged); // the call ended in between
            }
        });
    }

    /** Whether the transaction belongs to a BYE of this class, whose end must not reach the server. */
    boolean isOwn(@Nullable Transaction transaction) {
        return transaction != null && transaction.getApplicationData() instanceof HangUp;
    }

    @Override
    public void accept(MediaTimeout timeout) {
        Seen call = seen.get(new CallKey(timeout.callId(), timeout.fromTag()));
        if (call == null) {
            UNKNOWN.log("call {} cannot be hung up: no message of it has been seen", Excerpt.name(timeout.callId()));
            return;
        }
        List<Dialog> confirmed = List.copyOf(call.dialogs()).stream()
                .filter(dialog -> DialogState.CONFIRMED.equals(dialog.getState()))
                .toList();
        for (Dialog dialog : confirmed) {
            attempt(timeout, () -> send(dialog, call.provider()));
        }
        if (confirmed.isEmpty()
                && timeout.caller().isPresent()
                && timeout.callee().isPresent()) {
            DialogParty caller = timeout.caller().get();
            DialogParty callee = timeout.callee().get();
            attempt(timeout, () -> send(call.provider(), timeout.callId(), caller, callee, toCallee(callee, call)));
            attempt(timeout, () -> send(call.provider(), timeout.callId(), callee, caller, caller.recordRoutes()));
        }
    }

    private interface Attempt {
        void run() throws SipException, ParseException, InvalidArgumentException;
    }

    /** One BYE is sent even if the other one fails. */
    private static void attempt(MediaTimeout timeout, Attempt attempt) {
        try {
            attempt.run();
        } catch (SipException | ParseException | InvalidArgumentException | RuntimeException e) {
            UNSENT.log(
                    "call {}: cannot send a BYE: {}",
                    Excerpt.name(timeout.callId()),
                    e.getClass().getName());
        }
    }

    private void send(Dialog dialog, SipProvider provider) throws SipException {
        ClientTransaction transaction = provider.getNewClientTransaction(dialog.createRequest(Request.BYE));
        transaction.setApplicationData(this);
        dialog.sendRequest(transaction);
    }

    private void send(SipProvider provider, String callId, DialogParty from, DialogParty to, List<String> routes)
            throws SipException, ParseException, InvalidArgumentException {
        ContactHeader target = header(ContactHeader.class, ContactHeader.NAME, to.contact());
        ViaHeader via = via(provider.getListeningPoints()[0]);
        Request bye = messages.createRequest(
                target.getAddress().getURI(),
                Request.BYE,
                headers.createCallIdHeader(callId),
                headers.createCSeqHeader(from.cseq() + 1, Request.BYE),
                header(FromHeader.class, FromHeader.NAME, from.address()),
                header(ToHeader.class, ToHeader.NAME, to.address()),
                List.of(via),
                headers.createMaxForwardsHeader(MAX_FORWARDS));
        for (String route : routes) {
            bye.addLast(headers.createHeader(RouteHeader.NAME, route));
        }
        ClientTransaction transaction = provider.getNewClientTransaction(bye);
        transaction.setApplicationData(this);
        transaction.sendRequest();
    }

    /** Names the address of {@link ListeningPoint#setSentBy}, to which others send, if there is one. */
    private ViaHeader via(ListeningPoint local) throws ParseException, InvalidArgumentException {
        String sentBy = local.getSentBy();
        return sentBy == null
                ? headers.createViaHeader(local.getIPAddress(), local.getPort(), local.getTransport(), null)
                : header(ViaHeader.class, ViaHeader.NAME, "SIP/2.0/" + local.getTransport() + ' ' + sentBy);
    }

    /** The 2xx names all servers from the callee to the caller; the way to the callee are those that come before us. */
    private List<String> toCallee(DialogParty callee, Seen call) throws ParseException, InvalidArgumentException {
        List<String> routes = new ArrayList<>();
        for (String route : callee.recordRoutes()) {
            RecordRouteHeader header = header(RecordRouteHeader.class, RecordRouteHeader.NAME, route);
            if (header.getAddress().getURI() instanceof SipURI uri && isOwn(uri, call.provider())) {
                break;
            }
            routes.add(0, route);
        }
        return routes;
    }

    private boolean isOwn(SipURI uri, SipProvider provider) throws ParseException, InvalidArgumentException {
        for (ListeningPoint point : provider.getListeningPoints()) {
            ViaHeader via = via(point);
            if (isAt(uri, point.getIPAddress(), point.getPort()) || isAt(uri, via.getHost(), via.getPort())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(SipURI uri, String host, int port) {
        return port(uri.getPort()) == port(port) && host.equalsIgnoreCase(uri.getHost());
    }

    private static int port(int given) {
        return given < 0 ? DEFAULT_PORT : given;
    }

    private <T extends Header> T header(Class<T> type, String name, String value) throws ParseException {
        return type.cast(headers.createHeader(name, value));
    }
}
