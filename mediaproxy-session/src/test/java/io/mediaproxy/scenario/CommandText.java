package io.mediaproxy.scenario;

import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The bytes of the command of a ladder's line: {@code update reply 1 alice -> bob audio 10.0.0.1:5004} with, at its
 * end, values that are not the usual ones: {@code at=relay2} (the {@code media_relay}), {@code call=}, {@code cut=}
 * (the user agent).
 */
final class CommandText {
    private CommandText() {}

    static String of(String line, SipText message, RelayPlaces places, UnaryOperator<String> addresses) {
        Map<String, String> options = new HashMap<>();
        StringBuilder rest = new StringBuilder();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                options.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                rest.append(rest.isEmpty() ? "" : " ").append(word);
            }
        }
        String[] words = rest.toString().split(" ", 7);
        String callId = SipText.repeated(options.getOrDefault("call", "call"));
        return words[0].equals("remove")
                ? "remove\r\ncall_id: " + callId + "\r\nfrom_tag: " + tag(words[1]) + "\r\nto_tag: " + tag(words[3])
                        + "\r\n\r\n"
                : update(words, callId, options, message, places, addresses);
    }

    private static String update(
            String[] words,
            String callId,
            Map<String, String> options,
            SipText message,
            RelayPlaces places,
            UnaryOperator<String> addresses) {
        // From and To of the command are those of the exchange's request. A request that answers another one has them
        // the other way round, and so has one of the other side that only causes the command.
        boolean turned = message.isRequest() && words[1].equals("reply") && !words[3].equals(message.requester());
        String from = turned ? message.requested() : message.requester();
        String to = turned ? message.requester() : message.requested();
        String media = words.length < 7
                ? ""
                : "media: " + SdpStreams.parse(streams(words)).command(places) + "\r\n";
        return "update\r\ntype: " + words[1]
                + "\r\ndialog_id: "
                + "\r\ncall_id: " + callId
                + "\r\ncseq: " + words[2]
                + "\r\nfrom_uri: " + from + "@example.org"
                + "\r\nto_uri: " + to + "@example.org"
                + "\r\nfrom_tag: " + tag(words[3])
                + "\r\nto_tag: " + tag(words[5])
                + "\r\nuser_agent: Phone of " + message.from()
                + "\r\nsignaling_ip: " + addresses.apply(message.from())
                + "\r\nmedia_relay: " + places.address(options.getOrDefault("at", ""))
                + "\r\n" + media + "\r\n";
    }

    private static String streams(String[] words) {
        return words[6];
    }

    private static String tag(String word) {
        return word.equals("?") ? "" : SipText.repeated(word);
    }
}
