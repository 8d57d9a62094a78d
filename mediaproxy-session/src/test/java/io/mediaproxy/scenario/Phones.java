package io.mediaproxy.scenario;

import io.mediaproxy.scenario.MediaLegs.LegStream;
import io.mediaproxy.scenario.Scenario.Line;
import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The phones of a ladder, with a UDP socket for each address in their SDP. They send RTP to the relay according to
 * their streams. Each packet names its sender, so that the receivers know which phone they hear. A phone has to send
 * before it hears anything, because the relay learns addresses from packets.
 *
 * <p>All phones are behind a NAT: only packets to a relay arrive.
 */
final class Phones implements AutoCloseable {
    private static final Pattern HEARS =
            Pattern.compile("(?<listener>\\S+) (?<verb>hears|does not hear) (?<sender>\\S+)(?: (?<type>\\S+))?");
    private static final String NOBODY = "nobody";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final Duration ROUND = Duration.ofMillis(20);
    /** Several rounds, each with a wait: a busy system delivers packets on the loopback interface late. */
    private static final int ROUNDS_OF_SILENCE = 8;

    private static final Duration ROUND_OF_SILENCE = Duration.ofMillis(5);
    private static final int RTP_HEADER = 12;
    private static final int LARGEST_PACKET = 500;

    /** One phone's socket for one address of its SDP. */
    private record Place(String party, String address) {}

    /** A stream's packet, as the listener gets it. */
    private record Heard(String sender, String type, int index, Place at) {}

    private final MediaLegs legs;
    private final RelayPlaces places;
    private final ScenarioDispatcher dispatcher;
    private final Comparison comparison;
    private final Map<Place, DatagramChannel> sockets = new HashMap<>();
    private final String ladder = UUID.randomUUID().toString();
    /** Packets of an earlier check are heard by none. */
    private int check;

    Phones(MediaLegs legs, RelayPlaces places, ScenarioDispatcher dispatcher, Comparison comparison) {
        this.legs = legs;
        this.places = places;
        this.dispatcher = dispatcher;
        this.comparison = comparison;
    }

    /** Whether a ladder's line is about which phone hears which. */
    static boolean isAsked(String line) {
        return HEARS.matcher(line).matches();
    }

    void play(Line line) {
        Matcher words = HEARS.matcher(line.text());
        if (!words.matches()) {
            throw new IllegalArgumentException("a check of media is NAME hears NAME [TYPE]");
        }
        String listener = words.group("listener");
        String sender = words.group("sender");
        String type = words.group("type");
        check++;
        Predicate<String> types = one -> type == null || type.equals(one);
        if (sender.equals(NOBODY) || words.group("verb").equals("does not hear")) {
            Set<String> senders = sender.equals(NOBODY) ? legs.parties() : Set.of(sender);
            expectSilence(line, listener, senders, types);
        } else {
            expectSound(line, listener, sender, types);
        }
    }

    private void expectSound(Line line, String listener, String sender, Predicate<String> types) {
        Set<Heard> missing = new HashSet<>();
        for (LegStream stream : legs.streams(sender, listener)) {
            if (stream.sends() && types.test(stream.type())) {
                legs.streams(listener, sender).stream()
                        .filter(one -> one.type().equals(stream.type()) && one.index() == stream.index())
                        .forEach(one -> missing.add(
                                new Heard(sender, one.type(), one.index(), new Place(listener, one.local()))));
            }
        }
        if (missing.isEmpty()) {
            throw comparison.failure(line, sender + " and " + listener + " have agreed on no stream for this");
        }
        long start = System.nanoTime();
        while (!missing.isEmpty()) {
            if (System.nanoTime() - start > LONGEST_WAIT.toNanos()) {
                throw comparison.failure(
                        line,
                        listener + " hears nothing of " + missing + ", sent by " + legs.streams(sender, listener));
            }
            speak(listener, sender);
            speak(sender, listener);
            missing.removeAll(heard(listener, ROUND));
        }
    }

    private void expectSilence(Line line, String listener, Set<String> senders, Predicate<String> types) {
        int packets = 0;
        Set<Heard> heard = new HashSet<>();
        for (int i = 0; i < ROUNDS_OF_SILENCE; i++) {
            speak(listener, "");
            dispatcher.relayPackets();
            for (String sender : senders) {
                packets += sender.equals(listener) ? 0 : speak(sender, "");
            }
            dispatcher.relayPackets();
            heard.addAll(heard(listener, ROUND_OF_SILENCE));
        }
        if (packets == 0) {
            throw comparison.failure(line, "no packet was sent, so this cannot fail");
        }
        heard.removeIf(one -> !senders.contains(one.sender()) || !types.test(one.type()));
        comparison.values(line, "what " + listener + " hears", Set.of(), heard);
    }

    /** Sends a packet in each live stream of a phone. Returns how many of them were media. */
    private int speak(String party, String listener) {
        int packets = 0;
        for (LegStream stream : legs.streams(party, listener)) {
            DatagramChannel socket = socket(new Place(party, stream.local()));
            if (!places.isAtRelay(stream.remote())) {
                continue;
            }
            ByteBuffer packet = ByteBuffer.allocate(LARGEST_PACKET);
            packet.put((byte) 0x80).position(RTP_HEADER);
            if (stream.sends()) {
                String words = String.join(" ", ladder, "" + check, party, stream.type(), "" + stream.index());
                packet.put(words.getBytes(StandardCharsets.UTF_8));
                packets++;
            } // else it only keeps the NAT open (RFC 6263)
            try {
                socket.send(packet.flip(), address(stream.remote()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return packets;
    }

    private static InetSocketAddress address(String place) {
        int colon = place.lastIndexOf(':');
        return new InetSocketAddress(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
    }

    /** Returns the packets that arrive at any socket that the phone ever had. */
    private Set<Heard> heard(String listener, Duration within) {
        Set<Heard> heard = new HashSet<>();
        try (Selector selector = Selector.open()) {
            for (Map.Entry<Place, DatagramChannel> socket : sockets.entrySet()) {
                if (socket.getKey().party().equals(listener)) {
                    socket.getValue().register(selector, SelectionKey.OP_READ, socket.getKey());
                }
            }
            selector.select(within.toMillis());
            for (SelectionKey key : selector.selectedKeys()) {
                receive((DatagramChannel) key.channel(), (Place) key.attachment(), heard);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heard;
    }

    private void receive(DatagramChannel socket, Place place, Set<Heard> heard) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(LARGEST_PACKET);
        while (socket.receive(packet) != null) {
            packet.flip();
            if (packet.remaining() > RTP_HEADER) {
                packet.position(RTP_HEADER);
                List<String> words =
                        List.of(StandardCharsets.UTF_8.decode(packet).toString().split(" ", -1));
                if (words.size() == 5
                        && words.get(0).equals(ladder)
                        && words.get(1).equals("" + check)) {
                    heard.add(new Heard(words.get(2), words.get(3), Integer.parseInt(words.get(4)), place));
                }
            }
            packet.clear();
        }
    }

    private DatagramChannel socket(Place place) {
        return sockets.computeIfAbsent(place, one -> {
            try {
                DatagramChannel socket = DatagramChannel.open();
                socket.configureBlocking(false);
                return socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        for (DatagramChannel socket : sockets.values()) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
