package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.mediaproxy.embedded.report.Fault;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays every exchange that was recorded with a real MediaProxy 4.1.2, in the order of the file. The embedded
 * dispatcher gives the same replies, with as many ports and zeros, closes the same connections, and its ports are equal
 * where the real ones were.
 *
 * <p>An exchange that cannot be played is in one of two lists, with its reason. Those of {@link #DIFFERS} are played
 * nevertheless, and the test fails if one of them gets the recorded reply.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranscriptTest {
    private static final Pattern PORTS = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+)((?: \\d+)+)");
    private static final Pattern PORTLESS_ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Entries without an exchange on the dispatcher's socket. */
    private static final Map<String, String> OTHER_INTERFACE = Map.of(
            "mgmt.", "the management interface on TCP, which the embedded dispatcher does not have",
            "bench.", "figures of a benchmark, no exchange",
            "outage.",
                    "how long the TLS link between dispatcher and relay was down: the embedded one has no such link");

    private static final String STALLED =
            "the relay process was stopped by a signal; an embedded relay replies, and a stall is injected as a fault";
    private static final String KILLED = "the dispatcher process was killed by a signal";

    private static final Map<String, String> DIFFERS = new LinkedHashMap<>();

    static {
        DIFFERS.put("stop.new", STALLED);
        DIFFERS.put("stop.second.new", STALLED);
        DIFFERS.put("stop.existing.update", STALLED);
        DIFFERS.put("stop.existing.remove", STALLED);
        DIFFERS.put("rm s2", STALLED + "; s2 is known, since stop.new was executed");
        DIFFERS.put("stop.failover", STALLED);
        DIFFERS.put("w2 pref inactive relay", STALLED);
        DIFFERS.put("pipe.swap.stopped", STALLED);
        DIFFERS.put("reuse.after.timeout", STALLED);
        DIFFERS.put("new", STALLED);
        DIFFERS.put("k reply (existing)", STALLED);
        DIFFERS.put("k reply after recover_interval", STALLED);
        DIFFERS.put("rm k2", STALLED + "; k2 is known, since new was executed");
        DIFFERS.put("disp.sigkill.outstanding", KILLED);
        DIFFERS.put("connect.dead", KILLED + " and left a stale socket file");
        DIFFERS.put("disp.sigterm.outstanding", STALLED + ", and the dispatcher process ended by one");
    }

    private @Nullable TranscriptStage current;
    private int passed;
    private int failed;
    private int skipped;

    static Stream<Transcript> transcripts() {
        return Transcript.readAll().stream();
    }

    @AfterAll
    void closeAndSummarise() {
        if (current != null) {
            current.close();
        }
        System.out.println("transcripts: " + passed + " passed, " + failed + " failed, " + skipped + " skipped");
        assertThat(passed + skipped).as("exchanges in the file").isEqualTo(532);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void shouldAnswerAsTheRealDispatcher(Transcript transcript) {
        OTHER_INTERFACE.forEach((prefix, reason) -> {
            if (transcript.name().startsWith(prefix)) {
                skipped++;
                abort(reason);
            }
        });
        TranscriptStage stage = enter(transcript);
        failed++;
        String reply = run(transcript, stage);
        String difference = difference(transcript.received(), reply, stage);
        String reason = DIFFERS.get(transcript.name());
        if (reason != null) {
            assertThat(difference)
                    .as("the list says that this cannot be had (%s), but the reply is the recorded one", reason)
                    .isNotNull();
            failed--;
            skipped++;
            abort(reason);
        }
        assertThat(difference).as("%s: got %s", transcript.name(), reply).isNull();
        failed--;
        passed++;
    }

    private TranscriptStage enter(Transcript transcript) {
        TranscriptStage next = TranscriptScript.newStage(transcript);
        if (next != null) {
            if (current != null) {
                current.close();
            }
            current = next;
        }
        TranscriptStage stage = Objects.requireNonNull(current);
        TranscriptScript.happenBefore(transcript, stage);
        stage.firstRelaysByDice(PORTS.matcher(transcript.received())
                .results()
                .map(result -> result.group(1))
                .toList());
        return stage;
    }

    private static String run(Transcript transcript, TranscriptStage stage) {
        if (transcript.name().equals("connect.nofile")) {
            return connectWithoutDispatcher(stage);
        }
        if (transcript.received().startsWith("Counter(")) {
            return relaysOfTenCalls(transcript, stage);
        }
        if (transcript.name().startsWith("mi.")) {
            return TranscriptDatagrams.run(transcript, stage);
        }
        try (ControlClient client = new ControlClient(stage.dispatcher())) {
            if (transcript.name().equals("disp.sigterm")) {
                client.received();
                stage.dispatcher().close();
                return client.arrived();
            }
            if (transcript.received().equals(ControlClient.END)) {
                // The real dispatcher replies after a while. Where the connection ends before, no reply may be faster
                // here.
                stage.dispatcher().inject(new Fault.Delay(Duration.ofSeconds(1)), command -> true);
            }
            send(transcript, client, stage);
            String reply = client.received();
            stage.dispatcher().clearFaults();
            if (TranscriptScript.isOddInput(transcript)) {
                lookAfterOddInput(transcript, client, reply, stage);
            }
            return reply;
        }
    }

    private static void send(Transcript transcript, ControlClient client, TranscriptStage stage) {
        String sent = transcript.sent();
        switch (transcript.name()) {
            case "byte at a time" ->
                sent.chars().forEach(c -> {
                    client.send(String.valueOf((char) c));
                    stage.dispatcher().settle();
                });
            case "split in CRLF" -> {
                for (String part : sent.split("(?<=\r)", -1)) {
                    client.send(part);
                    stage.dispatcher().settle();
                }
            }
            case "no.blank.halfclose", "complete.halfclose" -> client.send(sent).shutdownOutput();
            default -> client.send(sent);
        }
    }

    /** Checks the same connection and other calls as the note describes. */
    private static void lookAfterOddInput(
            Transcript transcript, ControlClient client, String reply, TranscriptStage stage) {
        String next = reply.endsWith(ControlClient.END)
                ? reply
                : client.send(Commands.remove("canary")).received();
        if (transcript.note().startsWith("conn afterwards: usable")) {
            assertThat(next).as("the connection's next reply").endsWith("\r\n");
        } else if (transcript.note().startsWith("conn afterwards: ")) {
            assertThat(next).as("the connection's next reply").endsWith(ControlClient.END);
        }
        if (transcript.name().equals("complete.halfclose")) {
            assertThat(stage.dispatcher().sessions())
                    .as("the command was executed")
                    .anyMatch(session -> session.callId().equals("h1"));
        }
        if (transcript.note().contains("VICTIM GONE")) {
            assertThat(stage.run(Commands.remove("victim", "vt", ""))).isEqualTo("error\r\n");
        } else if (transcript.note().contains("others ok")) {
            assertThat(stage.run(Commands.remove("victim", "vt", ""))).isEqualTo("removed\r\n");
        }
    }

    private static String connectWithoutDispatcher(TranscriptStage stage) {
        EmbeddedDispatcher dispatcher = stage.dispatcher();
        dispatcher.close();
        try (ControlClient client = new ControlClient(dispatcher)) {
            return client.arrived();
        } catch (UncheckedIOException e) {
            return "FileNotFoundError(2, '"
                    + Objects.requireNonNull(e.getCause()).getMessage() + "')";
        }
    }

    private static String relaysOfTenCalls(Transcript transcript, TranscriptStage stage) {
        Set<String> relays = new TreeSet<>();
        for (int i = 0; i < 10; i++) {
            relays.add(stage.run(transcript.sent()).split(" ", 2)[0]);
            stage.run(Commands.remove(TranscriptScript.callId(transcript)));
        }
        return relays.toString();
    }

    /** The difference between two replies; null if there is none that matters. */
    private static @Nullable String difference(String recorded, String ours, TranscriptStage stage) {
        if (TranscriptDatagrams.areDatagrams(recorded)) {
            String wanted = TranscriptDatagrams.comparable(recorded);
            return wanted.equals(ours) ? null : "wanted " + wanted;
        }
        if (recorded.startsWith("Counter(")) {
            Set<String> relays = new TreeSet<>();
            PORTLESS_ADDRESS.matcher(recorded).results().forEach(result -> relays.add(result.group()));
            return relays.toString().equals(ours) ? null : "wanted calls on " + relays;
        }
        String[] wantedLines = recorded.split("\r\n", -1);
        String[] lines = ours.split("\r\n", -1);
        if (wantedLines.length != lines.length) {
            return "wanted " + recorded;
        }
        if (PORTS.matcher(recorded)
                        .results()
                        .map(ports -> ports.group(1))
                        .distinct()
                        .count()
                > 1) {
            // Two relays work concurrently, so that either may reply first.
            Arrays.sort(wantedLines);
            Arrays.sort(lines);
        }
        for (int i = 0; i < lines.length; i++) {
            if (!sameLine(wantedLines[i], lines[i], stage)) {
                return "wanted " + wantedLines[i] + " in line " + (i + 1);
            }
        }
        return null;
    }

    private static boolean sameLine(String wanted, String line, TranscriptStage stage) {
        if (wanted.startsWith("{") || wanted.startsWith("[")) {
            return sameShape(json(wanted), json(line));
        }
        Matcher wantedPorts = PORTS.matcher(wanted);
        Matcher ports = PORTS.matcher(line);
        if (!wantedPorts.matches() || !ports.matches()) {
            return wanted.equals(line);
        }
        String[] wantedList = wantedPorts.group(2).strip().split(" ", -1);
        String[] list = ports.group(2).strip().split(" ", -1);
        if (!wantedPorts.group(1).equals(ports.group(1)) || wantedList.length != list.length) {
            return false;
        }
        String address = ports.group(1) + ":";
        for (int i = 0; i < list.length; i++) {
            boolean dead = wantedList[i].equals("0");
            if (dead != list[i].equals("0")) {
                return false;
            }
            if (!dead && !stage.corresponds(address + wantedList[i], address + list[i])) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** Whether members have the same names, order and types, and equal texts. Numbers may differ. */
    private static boolean sameShape(JsonNode wanted, JsonNode node) {
        if (wanted.getNodeType() != node.getNodeType() || wanted.size() != node.size()) {
            return false;
        }
        if (wanted.getNodeType() == JsonNodeType.STRING) {
            return wanted.equals(node);
        }
        List<String> wantedNames = new ArrayList<>();
        List<String> names = new ArrayList<>();
        wanted.fieldNames().forEachRemaining(wantedNames::add);
        node.fieldNames().forEachRemaining(names::add);
        boolean same = wantedNames.equals(names);
        for (int i = 0; i < wanted.size(); i++) {
            same &= wanted.isArray()
                    ? sameShape(wanted.path(i), node.path(i))
                    : sameShape(wanted.path(wantedNames.get(i)), node.path(wantedNames.get(i)));
        }
        return same;
    }
}
