package io.mediaproxy.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The streams of an SDP as ladders write them: {@code audio 10.0.0.1:5004 sendonly ice, video relay:x}. A stream has
 * either an address and port, or the name of a place at a relay, which is the same place throughout the ladder.
 */
record SdpStreams(List<Stream> streams) {
    private static final Set<String> DIRECTIONS = Set.of("sendrecv", "sendonly", "recvonly", "inactive");
    private static final Pattern LINE =
            Pattern.compile("(m=(?<type>\\S+) (?<port>\\d+) .*|c=IN IP4 (?<address>\\S+)|a=(?<direction>"
                    + String.join("|", DIRECTIONS) + "))\\s*");

    private static final String DISABLED = "0.0.0.1:0";

    record Stream(String type, String place, Set<String> words) {
        String direction() {
            return words.stream().filter(DIRECTIONS::contains).findFirst().orElse("");
        }

        String profile() {
            if (type.equals("image")) {
                return "udptl t38";
            }
            return words.contains("tcp") ? "TCP/RTP/AVP 0" : words.contains("savp") ? "RTP/SAVP 0" : "RTP/AVP 0";
        }

        boolean isBundled() {
            return words.contains("bundle") || words.contains("bundle-only");
        }

        boolean isEnabled() {
            return !place.endsWith(":0");
        }

        boolean sends() {
            return !direction().equals("recvonly") && !direction().equals("inactive");
        }

        boolean receives() {
            return !direction().equals("sendonly") && !direction().equals("inactive");
        }
    }

    static SdpStreams parse(String text) {
        List<Stream> streams = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] words = part.strip().split(" ", -1);
            if (words.length < 2 || !words[1].contains(":")) {
                throw new IllegalArgumentException(
                        "a stream is TYPE PLACE:PORT and its attributes, not " + part.strip());
            }
            Set<String> attributes =
                    Set.of(List.of(words).subList(2, words.length).toArray(new String[0]));
            streams.add(new Stream(words[0], words[1], attributes));
        }
        return new SdpStreams(streams);
    }

    /** Returns the streams as in a command: a disabled one has an address that no live stream can have. */
    String command(RelayPlaces places) {
        List<String> items = new ArrayList<>();
        for (Stream stream : streams) {
            String direction = stream.direction().isEmpty() ? "sendrecv" : stream.direction();
            String place = places.resolve(stream.place());
            items.add(stream.type() + ':' + (place.endsWith(":0") ? DISABLED : place) + ':' + direction + ":ice="
                    + (stream.words().contains("ice") ? "yes" : "no"));
        }
        return String.join(",", items);
    }

    /** Returns the SDP of a phone of this name. */
    String sdp(String owner, RelayPlaces places) {
        StringBuilder sdp = new StringBuilder("v=0\r\no=" + owner + " 1 1 IN IP4 192.0.2.99\r\ns=-\r\nt=0 0\r\n");
        if (streams.stream().anyMatch(Stream::isBundled)) {
            sdp.append("a=group:BUNDLE");
            streams.stream().filter(Stream::isBundled).forEach(stream -> sdp.append(" " + streams.indexOf(stream)));
            sdp.append("\r\n");
        }
        for (Stream stream : streams) {
            String place = places.resolve(stream.place());
            int colon = place.lastIndexOf(':');
            String family = place.indexOf(':') < colon ? "IP6 " : "IP4 ";
            sdp.append("m=" + stream.type() + ' ' + place.substring(colon + 1) + ' ' + stream.profile() + "\r\n");
            sdp.append("c=IN " + family + place.substring(0, colon) + "\r\n");
            if (!stream.direction().isEmpty()) {
                sdp.append("a=" + stream.direction() + "\r\n");
            }
            if (stream.words().contains("ice") || stream.words().contains("trickle")) {
                sdp.append("a=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n");
            }
            if (stream.words().contains("ice")) {
                sdp.append("a=candidate:1 1 UDP 2130706431 192.0.2.99 7000 typ host\r\n");
            }
            if (stream.isBundled()) {
                sdp.append("a=mid:" + streams.indexOf(stream) + "\r\n");
            }
            if (stream.words().contains("bundle-only")) {
                sdp.append("a=bundle-only\r\n");
            }
            if (stream.words().contains("remote")) {
                sdp.append("a=remote-candidates:1 192.0.2.98 7002\r\n");
            }
            sdp.append("a=x-kept: as it is \r\n");
        }
        return sdp.toString();
    }

    /** Returns the streams of a body; none if it is not SDP. */
    static List<Stream> read(String sdp) {
        List<Stream> streams = new ArrayList<>();
        for (String line : sdp.split("\r\n", -1)) {
            Matcher words = LINE.matcher(line);
            if (!words.matches()) {
                continue;
            }
            if (words.group("type") != null) {
                streams.add(new Stream(words.group("type"), "0.0.0.0:" + words.group("port"), Set.of()));
            } else if (!streams.isEmpty()) {
                Stream last = streams.remove(streams.size() - 1);
                String port = last.place().substring(last.place().indexOf(':'));
                streams.add(
                        words.group("address") != null
                                ? new Stream(last.type(), words.group("address") + port, last.words())
                                : new Stream(last.type(), last.place(), Set.of(words.group("direction"))));
            }
        }
        return streams;
    }

    /** Binds names that are not bound yet to the places in this SDP. */
    void name(String sdp, RelayPlaces places) {
        List<Stream> actual = read(sdp);
        for (int i = 0; i < Math.min(streams.size(), actual.size()); i++) {
            if (places.isName(streams.get(i).place())) {
                places.name(streams.get(i).place(), actual.get(i).place());
            }
        }
    }

    /** The relays of a ladder and the places at them that have a name. */
    static final class RelayPlaces {
        private final Map<String, String> addresses;
        private final Map<String, String> known = new java.util.HashMap<>();

        RelayPlaces(Map<String, String> addresses) {
            this.addresses = addresses;
        }

        boolean isName(String place) {
            return addresses.containsKey(place.substring(0, place.indexOf(':')))
                    && !place.substring(place.indexOf(':') + 1).equals("0");
        }

        boolean isAtRelay(String place) {
            return addresses.containsValue(place.substring(0, place.lastIndexOf(':')));
        }

        void name(String name, String place) {
            String address = addresses.get(name.substring(0, name.indexOf(':')));
            boolean free = !known.containsKey(name) && !known.containsValue(place);
            if (free && place.startsWith(address + ':') && !place.endsWith(":0")) {
                known.put(name, place);
            }
        }

        String resolve(String place) {
            int at = place.indexOf('@');
            if (at >= 0) {
                String port = resolve(place.substring(at + 1));
                return place.substring(0, at) + port.substring(port.lastIndexOf(':'));
            }
            String relay = addresses.get(place.substring(0, place.indexOf(':')));
            if (relay == null) {
                return place;
            }
            return isName(place) ? known.getOrDefault(place, place) : relay + ":0";
        }

        String address(String relay) {
            return addresses.getOrDefault(relay, relay);
        }
    }
}
