package io.mediaproxy.embedded;

import static java.util.Map.entry;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events between the exchanges of the transcripts that the file does not contain: the start of a new stage, calls that
 * were set up or removed, relays and dispatchers that were stopped or started. Keyed by the name of the exchange that
 * followed.
 */
final class TranscriptScript {
    private static final Pattern CALL_ID = Pattern.compile("\r\ncall_id: (.*?)\r\n", Pattern.DOTALL);

    private static final Map<String, Supplier<TranscriptStage>> STAGES = Map.ofEntries(
            entry("normal.offer", TranscriptStage::withOneRelay),
            entry("norelay.update", TranscriptStage::withoutRelay),
            entry("media_relay.pref", TranscriptStage::withTwoRelays),
            entry("s.offer", TranscriptStage::withOneRelay),
            entry("w.remove by giving-up client on a new connection", TranscriptStage::withTwoRelays),
            entry("d.offer", TranscriptStage::withOneRelay),
            entry("pipe.same.relay", TranscriptStage::withTwoRelays),
            entry("exhaust.3streams of 5 free: ok", () -> TranscriptStage.withPortsForStreams(5)),
            entry("re-INVITE at exhaustion: o", () -> TranscriptStage.withPortsForStreams(5)),
            entry("pipe.offer+answer.split", TranscriptStage::withTwoRelays),
            entry("bm.o", TranscriptStage::withOneRelay),
            entry("media.o", () -> TranscriptStage.withRelayAdvertisedAs("10.1.0.1")),
            entry("mi.answered.nomedia", TranscriptStage::withOneRelay),
            entry("two.removes.same.callid.in.flight", TranscriptStage::withOneRelay),
            entry("hm.audio:host.example.com:4000:sendrecv", TranscriptStage::withOneRelay),
            entry("dupm.offer", TranscriptStage::withOneRelay),
            entry("ow.o", TranscriptStage::withOneRelay));

    private static final Map<String, Consumer<TranscriptStage>> EVENTS = events();

    private static final String[] CLEANED_BEFORE = {
        "ice.absent",
        "ice.bogusparam",
        "ice.otherparam",
        "no.direction",
        "weird.direction",
        "empty.direction",
        "application.type",
        "media.comma",
        "cs.spaces",
        "cs.underscore",
        "cs.arabic digits",
        "missing.media_relay",
        "missing.to_tag",
        "emptyvalue.dialog_id",
        "d.offer"
    };

    private TranscriptScript() {}

    /** The new stage; null to continue with that of the exchange before. */
    static @Nullable TranscriptStage newStage(Transcript transcript) {
        Supplier<TranscriptStage> stage = STAGES.get(transcript.name());
        if (stage != null) {
            return stage.get();
        }
        if (isOddInput(transcript)) {
            TranscriptStage withVictim = TranscriptStage.withOneRelay();
            String ports = withVictim.run(victim());
            if (transcript.name().equals("inj.ua.dup.call_id")) {
                // The recorded reply is the victim's own.
                withVictim.corresponds(
                        transcript.received().strip().replace(' ', ':'),
                        ports.strip().replace(' ', ':'));
            }
            return withVictim;
        }
        return null;
    }

    /** Exchanges that ran next to a session {@code victim}, which was removed afterwards. */
    static boolean isOddInput(Transcript transcript) {
        return transcript.note().startsWith("conn afterwards: ")
                || transcript.name().endsWith(".close")
                || transcript.name().endsWith(".halfclose");
    }

    static String victim() {
        return Commands.offer("victim").replace("from_tag: ft", "from_tag: vt");
    }

    static void happenBefore(Transcript transcript, TranscriptStage stage) {
        EVENTS.getOrDefault(transcript.name(), nothing -> {}).accept(stage);
        if (transcript.received().contains("\"params\": [\"55:66\"]")) {
            answered(stage, "q", "55:66");
            stage.letStreamsExpire();
        }
        for (String name : CLEANED_BEFORE) {
            if (name.equals(transcript.name())) {
                stage.run(Commands.remove(callId(transcript)));
            }
        }
    }

    static String callId(Transcript transcript) {
        Matcher callId = CALL_ID.matcher(transcript.sent());
        return callId.find() ? callId.group(1) : "";
    }

    private static Map<String, Consumer<TranscriptStage>> events() {
        Map<String, Consumer<TranscriptStage>> events = new HashMap<>();
        events.put("tt.remove.no.to", stage -> answered(stage, "t2"));
        events.put("tt.remove.wrong.from", stage -> answered(stage, "t3"));

        events.put("2relays.badcseq", stage -> stage.run(Commands.remove("st")));
        events.put("k.reinvite.dead", TranscriptStage::crashSecondRelay);
        events.put("mi.after-relay-restart(purge)", TranscriptStage::startSecondRelayAgain);
        events.put("mi.ghost-purge", stage -> {
            stage.crashSecondRelay();
            stage.startSecondRelayAgain();
        });
        events.put("mi.relay SIGTERM", TranscriptStage::terminateSecondRelay);
        events.put("h.offer", TranscriptStage::startSecondRelayAgain);
        events.put("h.new.call", TranscriptStage::haltSecondRelay);

        events.put("v1.remove", stage -> stage.run(Commands.offer("v1")));
        events.put("d.remove.after.restart", TranscriptStage::restartDispatcher);

        events.put("mi.conntrack_timeout", TranscriptStage::letStreamsExpire);
        events.put("mi.answered.nomedia", stage -> {
            answered(stage, "a1", "101:202");
            stage.letStreamsExpire();
        });
        events.put("200 nosdp clean", stage -> stage.run(offer("a2", "2:2")));
        events.put("mi.200.nosdp", TranscriptStage::letStreamsExpire);
        events.put("mi.dialog changes", stage -> {
            answered(stage, "a5", "8:8");
            stage.letStreamsExpire();
        });
        events.put("mi.odd dialog id", stage -> {
            answered(stage, "a6", "x\"y\\\u00c3\u00bc z: 1");
            stage.letStreamsExpire();
        });
        events.put("mi.answer.never answered", stage -> stage.pass(Duration.ofSeconds(3)));
        events.put("mi.answer.late answer 3.4s", stage -> stage.pass(Duration.ofMillis(3_400)));
        events.put("mi.burst", stage -> {
            for (int i = 0; i < 60; i++) {
                answered(stage, "b" + i, i + ":1");
            }
            stage.letStreamsExpire();
        });
        events.put("rm after silent expiry", stage -> {
            stage.run(Commands.offer("a3"));
            stage.letStreamsExpire();
        });
        events.put("n1.rm", stage -> {
            stage.run(Commands.offer("n1"));
            stage.letStreamsExpire();
        });
        events.put("n2.rm", stage -> {
            stage.run(Commands.offer("n2").replace("ice=no", "ice=yes"));
            stage.run(Commands.answer("n2").replace("ice=no", "ice=yes"));
            stage.letStreamsExpire();
        });
        events.put("o1.rm", stage -> {
            stage.run(Commands.offer("o1").replace("dialog_id: 1:2\r\n", ""));
            stage.run(Commands.answer("o1"));
            stage.letStreamsExpire();
        });

        events.put("two.removes.same.callid.in.flight", stage -> {
            stage.run(Commands.offer("dd").replace("from_tag: ft", "from_tag: f1"));
            stage.run(Commands.offer("dd").replace("from_tag: ft", "from_tag: f2"));
        });
        events.put("bystander still there", stage -> stage.run(Commands.offer("by")));
        events.put("new", stage -> stage.run(Commands.offer("k")));
        events.put("rm z", stage -> stage.run(Commands.offer("z")));

        for (String name : new String[] {
            "mi.oneway",
            "mi.none.hold",
            "mi.none.recvonly",
            "mi.retransmitted.offer",
            "mi.ringing.183",
            "mi.none.unanswered"
        }) {
            events.put(name, TranscriptStage::letStreamsExpire);
        }
        return events;
    }

    private static String offer(String callId, String dialogId) {
        return Commands.update("request", callId, 1, "", "caller", Commands.AUDIO_OF_CALLER, dialogId);
    }

    private static void answered(TranscriptStage stage, String callId) {
        answered(stage, callId, "1:2");
    }

    /** The dialog id of the offer. The answer has another one, which has no effect. */
    private static void answered(TranscriptStage stage, String callId, String dialogId) {
        stage.run(offer(callId, dialogId));
        stage.run(Commands.answer(callId));
    }
}
