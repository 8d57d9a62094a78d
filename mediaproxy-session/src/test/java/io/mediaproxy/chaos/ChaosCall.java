package io.mediaproxy.chaos;

import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.MediaSession;
import io.mediaproxy.session.sip.RawSipMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One call from its INVITE to its end, by one of the three ways to relay it. What happens in it is chosen at random.
 */
final class ChaosCall {
    private enum Way {
        ENGAGED,
        SESSION,
        MESSAGES
    }

    private final String callId;
    private final Random random;
    private final Evidence evidence;
    private final Way way;
    private final Function<RawSipMessage, CompletableFuture<MediaProxyResult>> offers;
    private final Function<RawSipMessage, CompletableFuture<MediaProxyResult>> answers;
    private final Function<RawSipMessage, CompletableFuture<MediaProxyResult>> others;
    private int cseq = 1;

    ChaosCall(String callId, Random random, MediaProxy mediaProxy, Evidence evidence) {
        this.callId = callId;
        this.random = random;
        this.evidence = evidence;
        this.way = Way.values()[random.nextInt(Way.values().length)];
        switch (way) {
            case ENGAGED -> {
                offers = message -> cseq == 1
                        ? mediaProxy.engageMediaProxyAsync(message, CallAttributes.NONE)
                        : mediaProxy.engagedCalls().followAsync(message);
                answers = mediaProxy.engagedCalls()::followAsync;
                others = answers;
            }
            case SESSION -> {
                MediaSession session = mediaProxy.session(callId, "alice");
                offers = message -> session.offerAsync(message, CallAttributes.NONE);
                answers = message -> session.answerAsync(message, CallAttributes.NONE);
                others = message -> session.endAsync();
            }
            default -> {
                offers = message -> mediaProxy.useMediaProxyAsync(message, CallAttributes.NONE);
                answers = offers;
                others = mediaProxy::endMediaSessionAsync;
            }
        }
    }

    /** Returns when the call is over. */
    void play() throws InterruptedException {
        evidence.begin(callId, way != Way.MESSAGES);
        int outcome = random.nextInt(20);
        if (outcome < 3) {
            offer();
            end(response(486, ""));
        } else if (outcome == 3) {
            offer();
            end(request("CANCEL", cseq, "", ""));
        } else {
            exchange(random.nextInt(5) == 0);
            for (int again = random.nextInt(3); again > 0; again--) {
                cseq++;
                exchange(false);
            }
            cseq++;
            end(request("BYE", cseq, ";tag=bob", ""));
        }
    }

    private void exchange(boolean early) throws InterruptedException {
        List<Boolean> offered = offer();
        boolean answered = early && evidence.isRelayed(callId, answers.apply(response(183, sdp("10.0.0.2"))));
        answered |= evidence.isRelayed(callId, answers.apply(response(200, sdp("10.0.0.2"))));
        evidence.exchange(
                way + ", CSeq " + cseq + ", copies " + offered + ", " + evidence.history(callId),
                !offered.contains(false),
                offered.contains(true),
                answered);
    }

    /** Sends an offer, and sometimes the same again: at once, or after the first result. */
    private List<Boolean> offer() throws InterruptedException {
        RawSipMessage message = request("INVITE", cseq, cseq == 1 ? "" : ";tag=bob", sdp("10.0.0.1"));
        List<Boolean> relayed = new ArrayList<>();
        Supplier<CompletableFuture<MediaProxyResult>> send = () -> offers.apply(message);
        int copies = way == Way.MESSAGES ? 9 : random.nextInt(10);
        CompletableFuture<MediaProxyResult> first = send.get();
        if (copies == 0) {
            CompletableFuture<MediaProxyResult> second = send.get();
            relayed.add(evidence.isRelayed(callId, first));
            relayed.add(evidence.isRelayed(callId, second));
        } else {
            relayed.add(evidence.isRelayed(callId, first));
            if (copies == 1) {
                relayed.add(evidence.isRelayed(callId, send.get()));
            }
        }
        return relayed;
    }

    private void end(RawSipMessage last) throws InterruptedException {
        evidence.ends(callId);
        evidence.isRelayed(callId, others.apply(last));
        if (way == Way.ENGAGED && last.isRequest() && last.method().equals("CANCEL")) {
            evidence.isRelayed(callId, others.apply(response(487, "")));
        }
    }

    private String sdp(String address) {
        int port = 4_000 + 2 * random.nextInt(3);
        return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " + port
                + " RTP/AVP 0\r\n";
    }

    private RawSipMessage request(String method, int number, String toTag, String sdp) {
        return message(method + " sip:bob@biloxi.example SIP/2.0", toTag, number + " " + method, sdp, "192.0.2.1");
    }

    private RawSipMessage response(int status, String sdp) {
        return message("SIP/2.0 " + status + " X", ";tag=bob", cseq + " INVITE", sdp, "192.0.2.2");
    }

    private RawSipMessage message(String startLine, String toTag, String cseqValue, String sdp, String source) {
        String text = startLine + "\r\nFrom: <sip:alice@atlanta.example>;tag=alice\r\nTo: <sip:bob@biloxi.example>"
                + toTag + "\r\nCall-ID: " + callId + "\r\nCSeq: " + cseqValue + "\r\nUser-Agent: Phone\r\n"
                + (sdp.isEmpty() ? "" : "Content-Type: application/sdp\r\n") + "Content-Length: " + sdp.length()
                + "\r\n\r\n" + sdp;
        return RawSipMessage.parse(text.getBytes(StandardCharsets.UTF_8), source);
    }
}
