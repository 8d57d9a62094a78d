package io.mediaproxy.jainsip;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.session.EngagedCalls;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.sip.OrderedDelivery;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.Transaction;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * Receives the stack's events before a server's own listener, and rewrites the messages of engaged calls.
 *
 * <p>The stack's threads never block: a message that needs the dispatcher is delivered later, on another thread, and
 * the following messages of its call wait for it. All other messages and events are delivered at once. Thread-safe.
 */
final class EngagedListener implements SipListener {
    private static final int FIRST_FAILURE = 300;

    private final SipListener delegate;
    private final JainSipMediaProxy mediaProxy;
    private final EngagedCalls calls;
    private final Function<RequestEvent, Optional<CallAttributes>> chooser;
    private final OrderedDelivery delivery;
    private final HangUp hangUp;

    /**
     * Requests that wait: the stack recognises retransmissions only once the server has a transaction for the request.
     */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    EngagedListener(
            SipListener delegate,
            JainSipMediaProxy mediaProxy,
            EngagedCalls calls,
            Function<RequestEvent, Optional<CallAttributes>> chooser,
            Executor executor,
            HangUp hangUp) {
        this.delegate = delegate;
        this.mediaProxy = mediaProxy;
        this.calls = calls;
        this.chooser = chooser;
        this.delivery = new OrderedDelivery(executor);
        this.hangUp = hangUp;
    }

    @Override
    public void processRequest(RequestEvent event) {
        Request request = event.getRequest();
        String source = JainSipMediaProxy.sourceAddress(request);
        JainSipMessageView view = new JainSipMessageView(request, source);
        boolean engaged = calls.find(view).isPresent();
        Optional<CallAttributes> attributes = !engaged && beginsCall(request) ? chooser.apply(event) : Optional.empty();
        if (!engaged && attributes.isEmpty()) {
            delegate.processRequest(event);
            return;
        }
        String key = key(request);
        if (!held.add(key)) {
            return;
        }
        CompletableFuture<MediaProxyResult> result = attributes.isPresent()
                ? mediaProxy.engageMediaProxyAsync(request, source, attributes.get())
                : mediaProxy.followAsync(request, source);
        hangUp.saw(view, (SipProvider) event.getSource(), event.getDialog());
        delivery.deliver(callId(request), result, () -> {
            held.remove(key);
            delegate.processRequest(event);
        });
    }

    @Override
    public void processResponse(ResponseEvent event) {
        ClientTransaction sent = event.getClientTransaction();
        if (hangUp.isOwn(sent)) {
            return;
        }
        Response response = event.getResponse();
        String callId = callId(response);
        JainSipMessageView view = new JainSipMessageView(response, "");
        if (calls.find(view).isEmpty() && !isOfSecondLeg(response, sent)) {
            delegate.processResponse(event);
            return;
        }
        hangUp.saw(view, (SipProvider) event.getSource(), event.getDialog());
        if (isRefusalAmongBranches(response, sent)) {
            delivery.deliver(callId, done(), () -> delegate.processResponse(event));
            return;
        }
        CompletableFuture<MediaProxyResult> result = mediaProxy.followAsync(response, SourceAddress.of(response, sent));
        delivery.deliver(callId, result, () -> delegate.processResponse(event));
    }

    /** Whether a B2BUA sent the INVITE, with SDP that leads to the relay of an engaged call. */
    private boolean isOfSecondLeg(Response response, @Nullable ClientTransaction sent) {
        return sent != null
                && method(response).equals(Request.INVITE)
                && calls.join(new JainSipMessageView(sent.getRequest(), ""));
    }

    /**
     * With transactions the server chooses among the branches of a fork; the end of its own transaction is the result.
     */
    private static boolean isRefusalAmongBranches(Response response, @Nullable ClientTransaction sent) {
        return sent != null && response.getStatusCode() >= FIRST_FAILURE && beginsCall(sent.getRequest());
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        Transaction transaction =
                event.isServerTransaction() ? event.getServerTransaction() : event.getClientTransaction();
        if (transaction == null || hangUp.isOwn(transaction)) {
            return;
        }
        Request request = transaction.getRequest();
        deliver(request, () -> delegate.processTransactionTerminated(event));
        if (event.isServerTransaction()) {
            inviteOver(request);
        }
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        Transaction transaction =
                event.isServerTransaction() ? event.getServerTransaction() : event.getClientTransaction();
        if (transaction == null) {
            delegate.processTimeout(event);
            return;
        }
        if (hangUp.isOwn(transaction)) {
            return;
        }
        deliver(transaction.getRequest(), () -> delegate.processTimeout(event));
        if (event.isServerTransaction()) {
            inviteOver(transaction.getRequest());
        }
    }

    private void inviteOver(Request request) {
        if (beginsCall(request) && request.getHeader(CSeqHeader.NAME) instanceof CSeqHeader cseq) {
            CallKey invite = new CallKey(callId(request), fromTag(request));
            CompletableFuture<?> unused = calls.inviteTerminatedAsync(invite, cseq.getSeqNumber());
        }
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        Dialog dialog = event.getDialog();
        String callId = dialog.getCallId().getCallId();
        String localTag = dialog.getLocalTag();
        String remoteTag = dialog.getRemoteTag();
        if (localTag != null && remoteTag != null) {
            CompletableFuture<?> unused = calls.dialogTerminatedAsync(callId, localTag, remoteTag);
        }
        delivery.deliver(callId, done(), () -> delegate.processDialogTerminated(event));
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        // It names no call. If it ends one, the stack also ends the transaction or the dialog, which is another event.
        delegate.processIOException(event);
    }

    private void deliver(Request request, Runnable event) {
        delivery.deliver(callId(request), done(), event);
    }

    private static CompletableFuture<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /** An INVITE outside any dialog. */
    private static boolean beginsCall(Request request) {
        return request.getMethod().equals(Request.INVITE)
                && request.getHeader(ToHeader.NAME) instanceof ToHeader to
                && to.getTag() == null;
    }

    private static String callId(Message message) {
        return message.getHeader(CallIdHeader.NAME) instanceof CallIdHeader header ? header.getCallId() : "";
    }

    private static String fromTag(Request request) {
        return request.getHeader(FromHeader.NAME) instanceof FromHeader from && from.getTag() != null
                ? from.getTag()
                : "";
    }

    private static String method(Response response) {
        return response.getHeader(CSeqHeader.NAME) instanceof CSeqHeader cseq ? cseq.getMethod() : "";
    }

    /** The key that a request shares only with its retransmissions (RFC 3261 17.2.3). */
    private static String key(Request request) {
        String branch = request.getHeader(ViaHeader.NAME) instanceof ViaHeader via
                ? via.getHost() + ':' + via.getPort() + ' ' + via.getBranch()
                : "";
        return request.getMethod() + ' ' + callId(request) + ' ' + branch;
    }
}
