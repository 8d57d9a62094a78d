package io.mediaproxy.scenario;

import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import io.mediaproxy.scenario.SdpStreams.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows offers and answers as the phones of a ladder do (RFC 3264): an answered offer sets where both of them send
 * and listen, and a refused one changes nothing. A phone knows the SDP that it wrote, and the SDP that it got.
 */
final class MediaLegs {
    /**
     * One stream as one phone knows it.
     *
     * @param index place among the streams of the SDP
     * @param local where the phone listens, as it wrote it
     * @param remote where it sends to
     * @param sends whether both directions let it send media
     */
    record LegStream(String type, int index, String local, String remote, boolean sends) {}

    /** @param offer the number of the offer that was answered */
    private record Leg(List<Stream> own, List<Stream> received, int offer) {}

    private record Offer(String party, List<Stream> own, List<Stream> received, int number) {}

    /** A fork answers a request that named another party. */
    private static final String ANY_BRANCH = "";

    private final RelayPlaces places;
    private final Map<List<String>, Offer> offers = new HashMap<>();
    /** Offers of responses, by call, sender and receiver. */
    private final Map<List<String>, Offer> lateOffers = new HashMap<>();
    /** By call, phone and peer. */
    private final Map<List<String>, Leg> legs = new HashMap<>();

    private final Set<Set<String>> confirmed = new HashSet<>();
    private int numberOfOffers;

    MediaLegs(RelayPlaces places) {
        this.places = places;
    }

    /** A message was passed on: what its sender wrote, and what its receiver got; empty without SDP. */
    void passed(SipText message, String written, String received) {
        List<Stream> own = SdpStreams.read(written);
        List<Stream> got = SdpStreams.read(received);
        switch (message.method()) {
            case "INVITE", "UPDATE", "PRACK", "ACK" -> {
                if (message.isRequest()) {
                    request(message, own, got);
                } else if (!message.status().equals("100")) {
                    response(message, own, got);
                }
            }
            case "BYE" -> {
                if (message.isRequest()) {
                    end(message);
                    confirmed.remove(dialog(message));
                }
            }
            default -> {
                // neither offers nor ends media
            }
        }
    }

    private void request(SipText message, List<Stream> own, List<Stream> got) {
        if (own.isEmpty()) {
            return;
        }
        Offer late = lateOffers.remove(List.of(message.callId(), message.to(), message.from()));
        if (late != null && (message.method().equals("ACK") || message.method().equals("PRACK"))) {
            agree(message, late, own, got);
        } else if (!message.method().equals("ACK")) {
            Offer before = offers.get(transaction(message, message.to()));
            boolean passesAgain = before != null && leadsToRelay(own);
            int number = before == null ? ++numberOfOffers : before.number();
            Offer offer = new Offer(message.from(), passesAgain ? before.own() : own, got, number);
            offers.put(transaction(message, message.to()), offer);
            offers.put(transaction(message, ANY_BRANCH), offer);
        }
    }

    private void response(SipText message, List<Stream> own, List<Stream> got) {
        int status = Integer.parseInt(message.status());
        if (status >= 300) {
            if (message.method().equals("INVITE") && !confirmed.contains(dialog(message))) {
                end(message);
            }
            return;
        }
        if (status >= 200 && message.method().equals("INVITE")) {
            confirmed.add(dialog(message));
        }
        if (own.isEmpty()) {
            return;
        }
        Offer offer =
                offers.getOrDefault(transaction(message, message.from()), offers.get(transaction(message, ANY_BRANCH)));
        if (offer != null) {
            agree(message, offer, own, got);
        } else {
            lateOffers.put(
                    List.of(message.callId(), message.from(), message.to()),
                    new Offer(message.from(), own, got, ++numberOfOffers));
        }
    }

    private void agree(SipText answer, Offer offer, List<Stream> own, List<Stream> got) {
        List<String> answerer = List.of(answer.callId(), answer.from(), answer.to());
        Leg before = legs.get(answerer);
        if (before != null && before.offer() > offer.number()) {
            return; // repeats the answer to an older offer
        }
        boolean passesAgain = before != null && before.offer() == offer.number() && leadsToRelay(own);
        legs.put(answerer, new Leg(passesAgain ? before.own() : own, offer.received(), offer.number()));
        legs.put(List.of(answer.callId(), answer.to(), answer.from()), new Leg(offer.own(), got, offer.number()));
    }

    private void end(SipText message) {
        legs.remove(List.of(message.callId(), message.from(), message.to()));
        legs.remove(List.of(message.callId(), message.to(), message.from()));
    }

    private static List<String> transaction(SipText message, String requested) {
        return List.of(message.callId(), message.requester(), requested, message.method(), message.cseq());
    }

    private static Set<String> dialog(SipText message) {
        return Set.of("call " + message.callId(), message.from(), message.to());
    }

    /** Nobody but a relay listens there: such SDP has come through it before. */
    private boolean leadsToRelay(List<Stream> streams) {
        return streams.stream().anyMatch(stream -> places.isAtRelay(stream.place()));
    }

    Set<String> parties() {
        Set<String> parties = new HashSet<>();
        legs.keySet().forEach(leg -> parties.add(leg.get(1)));
        return parties;
    }

    /**
     * The live streams of a phone: those of its dialog with the other phone, or all of its streams if it has none with
     * it.
     */
    List<LegStream> streams(String phone, String other) {
        List<LegStream> direct = new ArrayList<>();
        List<LegStream> all = new ArrayList<>();
        legs.forEach((key, leg) -> {
            if (key.get(1).equals(phone)) {
                all.addAll(streams(leg));
                if (key.get(2).equals(other)) {
                    direct.addAll(streams(leg));
                }
            }
        });
        return direct.isEmpty() ? all : direct;
    }

    private List<LegStream> streams(Leg leg) {
        List<LegStream> streams = new ArrayList<>();
        for (int i = 0; i < Math.min(leg.own().size(), leg.received().size()); i++) {
            Stream own = leg.own().get(i);
            Stream received = leg.received().get(i);
            boolean live = own.isEnabled() && received.isEnabled();
            if (live && !places.isAtRelay(own.place())) {
                streams.add(new LegStream(
                        own.type(), i, own.place(), received.place(), own.sends() && received.receives()));
            }
        }
        return streams;
    }
}
