package io.mediaproxy.cli.demo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sdp.SdpException;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.TimeoutEvent;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/** The phone that calls, for one call. Thread-safe. */
final class Caller implements SipUser, AutoCloseable {
    private static final int MAX_FORWARDS = 70;

    private final Handset handset;
    private final CompletableFuture<Void> ringing = new CompletableFuture<>();
    private final CompletableFuture<InetSocketAddress> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile @Nullable ClientTransaction invite;
    private volatile @Nullable Dialog dialog;

    private Caller(Handset handset) {
        this.handset = handset;
    }

    static Caller start(InetAddress bind, PhoneProfile profile) throws SipException, SocketException {
        Caller caller = new Caller(Handset.open(bind, profile));
        caller.handset.endpoint().serve(caller);
        return caller;
    }

    AudioLeg audio() {
        return handset.audio();
    }

    /** Completes with the first 180. */
    CompletableFuture<Void> ringing() {
        return ringing;
    }

    /** Completes with the address that the audio goes to, or with a {@link CallRefusedException}. */
    CompletableFuture<InetSocketAddress> answered() {
        return answered;
    }

    /** Completes when the BYE is answered. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * Calls a user of a domain.
     *
     * @param proxy the outbound proxy (RFC 3261 8.1.2: a pre-existing route set)
     * @return {@link #answered()}
     */
    CompletableFuture<InetSocketAddress> call(String user, String domain, InetSocketAddress proxy)
            throws SipException, InvalidArgumentException, ParseException {
        SipEndpoint endpoint = handset.endpoint();
        HeaderFactory headers = endpoint.headers();
        SipURI callee = endpoint.addresses().createSipURI(user, domain);
        Address from = endpoint.addresses()
                .createAddress(
                        endpoint.addresses().createSipURI(handset.profile().user(), domain));
        Request request = endpoint.messages()
                .createRequest(
                        callee,
                        Request.INVITE,
                        endpoint.provider().getNewCallId(),
                        headers.createCSeqHeader(1L, Request.INVITE),
                        headers.createFromHeader(from, UUID.randomUUID().toString()),
                        headers.createToHeader(endpoint.addresses().createAddress(callee), null),
                        List.of(endpoint.via()),
                        headers.createMaxForwardsHeader(MAX_FORWARDS));
        request.addHeader(headers.createRouteHeader(endpoint.addresses().createAddress(endpoint.looseRoute(proxy))));
        request.addHeader(handset.contact());
        request.addHeader(endpoint.userAgent());
        handset.describe(request);
        ClientTransaction transaction = endpoint.provider().getNewClientTransaction(request);
        invite = transaction;
        transaction.sendRequest();
        return answered;
    }

    /** Gives up a call that rings. */
    void cancel() throws SipException {
        ClientTransaction ongoing = invite;
        if (ongoing == null) {
            throw new IllegalStateException("no call to cancel");
        }
        handset.endpoint()
                .provider()
                .getNewClientTransaction(ongoing.createCancel())
                .sendRequest();
    }

    /**
     * Ends an answered call.
     *
     * @return {@link #ended()}
     */
    CompletableFuture<Void> hangUp() throws SipException {
        Dialog ongoing = dialog;
        if (ongoing == null) {
            throw new IllegalStateException("no call to end");
        }
        handset.audio().fallSilent();
        Request bye = ongoing.createRequest(Request.BYE);
        ongoing.sendRequest(handset.endpoint().provider().getNewClientTransaction(bye));
        return ended;
    }

    @Override
    public void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException {
        Response response = event.getResponse();
        CSeqHeader cseq = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
        int status = response.getStatusCode();
        switch (cseq.getMethod()) {
            case Request.INVITE -> {
                if (status == Response.RINGING) {
                    ringing.complete(null);
                } else if (status / 100 == 2) {
                    onAnswer(event.getDialog(), cseq.getSeqNumber(), response);
                } else if (status >= 300) {
                    answered.completeExceptionally(new CallRefusedException(status, response.getReasonPhrase()));
                }
            }
            case Request.BYE -> {
                if (status >= 200) {
                    ended.complete(null);
                }
            }
            default -> {
                // The answer to a CANCEL says nothing: the INVITE's own answer counts.
            }
        }
    }

    private void onAnswer(Dialog established, long sequence, Response response)
            throws SipException, InvalidArgumentException {
        dialog = established;
        established.sendAck(established.createAck(sequence)); // each time it comes (RFC 3261 13.2.2.4)
        byte[] answer = response.getRawContent();
        try {
            InetSocketAddress target = PhoneSdp.audioTarget(answer == null ? new byte[0] : answer);
            handset.audio().talkTo(target);
            answered.complete(target);
        } catch (SdpException e) {
            answered.completeExceptionally(e);
        }
    }

    @Override
    public void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        if (event.getRequest().getMethod().equals(Request.BYE)) {
            handset.audio().fallSilent();
            handset.answer(event, Response.OK);
            ended.complete(null);
        } else {
            handset.answer(event, Response.METHOD_NOT_ALLOWED);
        }
    }

    @Override
    public void onTimeout(TimeoutEvent event) {
        CallRefusedException silence = new CallRefusedException(Response.REQUEST_TIMEOUT, "no answer in time");
        answered.completeExceptionally(silence);
        ended.completeExceptionally(silence);
    }

    @Override
    public void close() {
        handset.close();
    }
}
