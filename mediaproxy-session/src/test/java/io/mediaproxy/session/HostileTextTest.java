package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import io.mediaproxy.session.sip.OrderedDelivery;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Text that would forge lines in a log, or give orders to a terminal, in every part of a call's messages: ESC, U+2028,
 * NEL and BEL.
 */
@SuppressWarnings("NullAway") // JUnit sets the directory
class HostileTextTest {
    private static final String HOSTILE = "x\u001b[2J\u2028\u0085\u0007y";
    private static final String RELAY = "10.1.1.1 20000\r\n";

    private final LogCapture logged = LogCapture.of("io.mediaproxy");
    private final List<String> texts = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        logged.close();
        dispatcher.close();
    }

    private MediaProxy mediaProxy() {
        return MediaProxy.builder()
                .dispatcherSocket(dispatcher.socket())
                .dispatcher(config -> config.clock(clock).retryInterval(Duration.ofDays(1)))
                .maxEngagedCalls(4)
                .backChannel(
                        BackChannelConfig.builder(directory.resolve("b.sock")).build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {RELAY, "error\r\n", "None\r\n", "removed\r\n", "\u001b[2J\u0007\r\n"})
    void shouldShowItEscapedThroughWholeCalls(String reply) {
        dispatcher.answer(reply);
        try (MediaProxy mediaProxy = mediaProxy()) {
            EngagedCalls calls = mediaProxy.engagedCalls();
            calls.onResult((message, result) -> {
                throw new IllegalStateException(HOSTILE);
            });
            for (String callId : List.of(HOSTILE + 1, HOSTILE + 2, HOSTILE + 3, HOSTILE.repeat(200))) {
                for (String sdp : List.of(Call.AUDIO, Call.AUDIO.replace("10.0.0.1", HOSTILE), HOSTILE)) {
                    show(mediaProxy.engageMediaProxy(invite(callId, sdp)));
                    show(calls.follow(response(callId, 183, sdp)));
                    show(calls.follow(response(callId, 200, sdp)));
                    show(mediaProxy.useMediaProxy(invite(callId, sdp)));
                    show(mediaProxy.endMediaSession(invite(callId, sdp)));
                }
                thrown(() -> mediaProxy.session(callId, HOSTILE));
                thrown(() -> mediaProxy.session(callId, HOSTILE + "other").offer(invite(callId, Call.AUDIO)));
                thrown(() -> show(mediaProxy.session(callId + "s", HOSTILE).offer(invite(callId, Call.AUDIO))));
            }
            clock.advance(Duration.ofHours(13));
            PassingTime.of(mediaProxy);
        }
        expectPlain();
    }

    @Test
    void shouldShowItEscapedIfTheDispatcherIsAway() {
        dispatcher.close();
        try (MediaProxy mediaProxy = mediaProxy()) {
            show(mediaProxy.engageMediaProxy(invite(HOSTILE, Call.AUDIO)));
            show(mediaProxy.useMediaProxy(invite(HOSTILE + 1, Call.AUDIO)));
            show(mediaProxy.endMediaSession(invite(HOSTILE + 1, "")));
            PassingTime.of(mediaProxy);
        }
        expectPlain();
    }

    @Test
    void shouldShowItEscapedWhereADeliveryFails() {
        OrderedDelivery delivery = new OrderedDelivery(Runnable::run);
        delivery.deliver(HOSTILE, CompletableFuture.completedFuture(null), () -> {
            throw new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE));
        });

        assertThat(logged.lines()).isNotEmpty();
        expectPlain();
    }

    @Test
    void shouldShowItEscapedInMessagesThatCannotBeRead() {
        String valid = text("INVITE sip:bob@example.org SIP/2.0", "c", "1 INVITE", "");
        for (String wrong : List.of(
                HOSTILE,
                HOSTILE + "\r\n\r\n",
                valid.replace("SIP/2.0", HOSTILE),
                valid.replace("INVITE sip", HOSTILE + " sip"),
                valid.replace("Call-ID", HOSTILE),
                valid.replace("Call-ID: ", HOSTILE),
                valid.replace("Content-Length: 0", "Content-Length: " + HOSTILE),
                valid.replace("1 INVITE", HOSTILE))) {
            thrown(() -> {
                RawSipMessage message = RawSipMessage.parse(wrong.getBytes(StandardCharsets.UTF_8), "192.0.2.1");
                try (MediaProxy mediaProxy = mediaProxy()) {
                    show(mediaProxy.useMediaProxy(message));
                    show(mediaProxy.engageMediaProxy(message));
                    show(mediaProxy.engagedCalls().follow(message));
                }
            });
        }
        expectPlain();
    }

    private void show(MediaProxyResult result) {
        texts.add(result.toString());
        result.failure().ifPresent(this::show);
    }

    private void show(Throwable failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            texts.add(one.toString());
        }
    }

    private void thrown(Runnable action) {
        try {
            action.run();
        } catch (SipSyntaxException e) {
            show((Throwable) e);
        } catch (RuntimeException e) {
            show(e);
        }
    }

    private void expectPlain() {
        assertThat(texts).allMatch(HostileTextTest::isPlain);
        assertThat(logged.lines()).allMatch(HostileTextTest::isPlain);
        assertThat(logged.traces())
                .allMatch(trace -> isPlain(trace.replace("\n", "").replace("\t", "")));
        assertThat(texts.size() + logged.lines().size()).isPositive();
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    private static RawSipMessage invite(String callId, String sdp) {
        return message("INVITE sip:bob@example.org SIP/2.0", callId, sdp);
    }

    private static RawSipMessage response(String callId, int status, String sdp) {
        return message("SIP/2.0 " + status + " " + HOSTILE, callId, sdp);
    }

    private static RawSipMessage message(String startLine, String callId, String sdp) {
        return RawSipMessage.parse(
                text(startLine, callId, "1 INVITE", sdp).getBytes(StandardCharsets.UTF_8), "192.0.2.1");
    }

    private static String text(String startLine, String callId, String cseq, String sdp) {
        boolean response = startLine.startsWith("SIP");
        return startLine + "\r\nFrom: " + HOSTILE + " <sip:" + HOSTILE + "@example.org>;tag=" + HOSTILE
                + "\r\nTo: <sip:bob@example.org>" + (response ? ";tag=b" + HOSTILE : "")
                + "\r\nCall-ID: " + callId + "\r\nCSeq: " + cseq + "\r\nUser-Agent: " + HOSTILE
                + "\r\nContact: <sip:" + HOSTILE + ">\r\nRecord-Route: <sip:" + HOSTILE + ";lr>"
                + (sdp.isEmpty() ? "" : "\r\nContent-Type: application/sdp;" + HOSTILE)
                + "\r\nContent-Length: " + sdp.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + sdp;
    }
}
