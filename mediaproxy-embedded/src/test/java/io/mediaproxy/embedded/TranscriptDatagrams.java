package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The exchanges of the transcripts over the SIP server's socket: datagrams of the dispatcher, and answers to them. They
 * are compared byte for byte, except for the ids, which are random.
 */
final class TranscriptDatagrams {
    private static final Pattern ANSWERED_ID = Pattern.compile("\"id\": \"[0-9a-f]{7,8}\"");
    private static final Pattern BETWEEN_ANSWERS = Pattern.compile("(?<=})(?=\\{)");
    private static final Pattern DIALOG = Pattern.compile("\"params\": \\[\"(.*)\"]");
    private static final String BURST = "mi.burst";
    private static final int BURST_SIZE = 60;

    /** The exchange whose second datagram is the next exchange. */
    private static final String FIRST_OF_TWO = "mi.after-relay-restart(purge)";

    /** Exchanges after which the dispatcher still waits for an answer. */
    private static final Set<String> NO_ANSWER_TO_ANYTHING = Set.of(
            "mi.answer.wrong.id",
            "mi.answer.no.id",
            "mi.answer.list",
            "mi.answer.status.text",
            "mi.answer.garbage.bytes",
            "mi.answer.empty datagram",
            "mi.answer.never answered",
            "mi.answer.late answer 3.4s");

    private TranscriptDatagrams() {}

    static String run(Transcript transcript, TranscriptStage stage) {
        if (transcript.name().startsWith("mi.answer.")) {
            answer(transcript, stage);
        }
        Queue<String> datagrams = stage.datagrams();
        if (transcript.name().equals(BURST)) {
            return datagrams.stream()
                    .map(datagram -> DIALOG.matcher(datagram)
                            .results()
                            .map(dialog -> dialog.group(1))
                            .collect(Collectors.joining()))
                    .collect(Collectors.joining("', '", "['", "']"));
        }
        String datagram = datagrams.poll();
        assertThat(datagrams).as("further datagrams").hasSize(transcript.name().equals(FIRST_OF_TWO) ? 1 : 0);
        return datagram == null ? "" : SipServerSocket.withoutId(datagram);
    }

    private static void answer(Transcript transcript, TranscriptStage stage) {
        EmbeddedDispatcher dispatcher = stage.dispatcher();
        SipServerSocket sipServer = stage.sipServer();
        int before = dispatcher.unansweredDatagrams();
        if (!transcript.name().equals("mi.answer.never answered")) {
            String answers =
                    ANSWERED_ID.matcher(transcript.sent()).replaceAll("\"id\": \"" + sipServer.lastId() + "\"");
            BETWEEN_ANSWERS.splitAsStream(answers).forEach(sipServer::answer);
        }
        dispatcher.settle();
        int answered = NO_ANSWER_TO_ANYTHING.contains(transcript.name()) ? 0 : 1;
        assertThat(dispatcher.unansweredDatagrams()).isEqualTo(before - answered);
    }

    static boolean areDatagrams(String recorded) {
        return recorded.startsWith("{\"jsonrpc\"") || recorded.startsWith("['");
    }

    /** The recorded datagrams with our ids, and with the queue length of this machine. */
    static String comparable(String recorded) {
        if (recorded.startsWith("{")) {
            return SipServerSocket.withoutId(recorded);
        }
        int kept = Math.min(queueLength() + 1, BURST_SIZE);
        String wanted =
                IntStream.range(0, kept).mapToObj(i -> i + ":1").collect(Collectors.joining("', '", "['", "']"));
        assertThat(withoutEnd(recorded).startsWith(withoutEnd(wanted))
                        || withoutEnd(wanted).startsWith(withoutEnd(recorded)))
                .as("%s begins as what was recorded", wanted)
                .isTrue();
        return wanted;
    }

    private static String withoutEnd(String list) {
        return list.substring(0, list.length() - 1);
    }

    /** The kernel keeps one datagram more than this. */
    private static int queueLength() {
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net/unix/max_dgram_qlen"))) {
            // One read, since the kernel returns such a file only as a whole.
            return Integer.parseInt(new String(file.readNBytes(64), StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
