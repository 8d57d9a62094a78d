package io.mediaproxy.scenario;

import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the messages of a ladder: which tags they have, and which bytes a message has that comes again. */
final class LadderMessages {
    private static final String WITHOUT_ADDRESS =
            "v=0\r\no=- 1 1 IN IP4 192.0.2.99\r\ns=-\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n";

    private final RelayPlaces places;
    private final Map<List<String>, byte[]> sent = new HashMap<>();
    private final Map<List<String>, String> bodies = new HashMap<>();
    /** Parties whose tag the others know, because a response of theirs had it. */
    private final Set<String> known = new HashSet<>();

    private final Set<String> answered = new HashSet<>();
    private final List<String> parties = new ArrayList<>();

    LadderMessages(RelayPlaces places) {
        this.places = places;
    }

    /** The message on the wire; the same bytes once more where the ladder asks for it. */
    byte[] bytes(SipText message) {
        byte[] before = sent.get(message.identity());
        if (message.options().containsKey("again")) {
            if (before == null) {
                throw new IllegalArgumentException("nothing like this was sent before");
            }
            return before;
        }
        String body = newBody(message);
        byte[] bytes = message.bytes(toTag(message), body);
        sent.put(message.identity(), bytes);
        bodies.put(message.identity(), body);
        return bytes;
    }

    /** The body of a message that {@link #bytes} has written. */
    String body(SipText message) {
        return bodies.get(message.identity());
    }

    private String newBody(SipText message) {
        if (message.hasSdp()) {
            return SdpStreams.parse(message.content()).sdp(message.from(), places);
        }
        if (message.contentType() != null) {
            return OtherBody.of(message.content());
        }
        return message.options().containsKey("garbage") ? WITHOUT_ADDRESS : "";
    }

    private String toTag(SipText message) {
        if (!message.isRequest()) {
            if (message.status().equals("100")) {
                return "";
            }
            known.add(message.from());
            if (message.status().startsWith("2") && message.method().equals("INVITE")) {
                answered.add(message.from());
            }
            return message.from();
        }
        boolean inDialog = switch (message.method()) {
            case "CANCEL" -> false;
            case "INVITE" -> answered.contains(message.to()) || answered.contains(message.from());
            default -> known.contains(message.to()) || known.contains(message.from());
        };
        return inDialog ? message.to() : "";
    }

    /** The IP address that a party's messages come from; each party has one, by its turn. */
    String address(String party) {
        if (!parties.contains(party)) {
            parties.add(party);
        }
        return "192.0.2." + (parties.indexOf(party) + 1);
    }
}
