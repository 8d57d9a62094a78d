package io.mediaproxy.cli.demo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.text.ParseException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sdp.SdpException;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.TimeoutEvent;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The phone that is called, for one call. Thread-safe. */
final class Callee implements SipUser, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Callee.class);

    /** What it does with a call. */
    enum Manner {
        /** Rings and answers. */
        ANSWER,
        /** Is busy: 486. */
        BUSY,
        /** Rings, and nobody comes. */
        KEEP_RINGING
    }

    private final Handset handset;
    private final Manner manner;
    private final String tag = UUID.randomUUID().toString();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    // Written and read on the endpoint's event thread only.
    private @Nullable ServerTransaction invite;
    private @Nullable InetSocketAddress target;

    private Callee(Handset handset, Manner manner) {
        this.handset = handset;
        this.manner = manner;
    }

    static Callee start(InetAddress bind, PhoneProfile profile, Manner manner) throws SipException, SocketException {
        Callee callee = new Callee(Handset.open(bind, profile), manner);
        callee.handset.endpoint().serve(callee);
        return callee;
    }

    InetSocketAddress address() {
        return handset.endpoint().address();
    }

    AudioLeg audio() {
        return handset.audio();
    }

    /** Completes when the call is over: by BYE, CANCEL or its own refusal. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        switch (event.getRequest().getMethod()) {
            case Request.INVITE -> onInvite(event);
            case Request.ACK -> onAck();
            case Request.CANCEL -> onCancel(event);
            case Request.BYE -> {
                handset.audio().fallSilent();
                handset.answer(event, Response.OK);
                ended.complete(null);
            }
            default -> handset.answer(event, Response.METHOD_NOT_ALLOWED);
        }
    }

    private void onInvite(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        Request request = event.getRequest();
        ServerTransaction transaction = handset.transaction(event);
        if (invite != null || manner == Manner.BUSY) {
            transaction.sendResponse(tagged(handset.reply(request, Response.BUSY_HERE)));
            ended.complete(null);
            return;
        }
        byte[] offer = request.getRawContent();
        try {
            target = PhoneSdp.audioTarget(offer == null ? new byte[0] : offer);
        } catch (SdpException e) {
            log.warn("{} cannot use the offer: {}", handset.profile().user(), e.toString());
            transaction.sendResponse(tagged(handset.reply(request, Response.NOT_ACCEPTABLE_HERE)));
            ended.complete(null);
            return;
        }
        invite = transaction;
        transaction.sendResponse(reachable(handset.reply(request, Response.RINGING)));
        if (manner == Manner.ANSWER) {
            Response answer = reachable(handset.reply(request, Response.OK));
            handset.describe(answer);
            transaction.sendResponse(answer);
        }
    }

    private void onAck() {
        if (target != null) {
            handset.audio().talkTo(target);
        }
    }

    private void onCancel(RequestEvent event) throws SipException, InvalidArgumentException, ParseException {
        handset.answer(event, Response.OK);
        if (invite != null) {
            invite.sendResponse(tagged(handset.reply(invite.getRequest(), Response.REQUEST_TERMINATED)));
        }
        ended.complete(null);
    }

    private Response tagged(Response response) throws ParseException {
        ((ToHeader) response.getHeader(ToHeader.NAME)).setTag(tag);
        return response;
    }

    private Response reachable(Response response) throws ParseException {
        response.setHeader(handset.contact());
        return tagged(response);
    }

    @Override
    public void onResponse(ResponseEvent event) {
        // It sends no requests.
    }

    @Override
    public void onTimeout(TimeoutEvent event) {
        ended.completeExceptionally(new SipException(handset.profile().user() + " got no ACK"));
    }

    @Override
    public void close() {
        handset.close();
    }
}
