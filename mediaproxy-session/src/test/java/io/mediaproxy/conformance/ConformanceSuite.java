package io.mediaproxy.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.sdp.IceCandidate;
import io.mediaproxy.session.CallAttributes;
import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.testing.ScriptedDispatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs the conformance vectors through one way into the SDK: hands over whole messages, and compares the command on a
 * real socket, the return code and the new body. Prints a line with the counts.
 */
public abstract class ConformanceSuite {
    private static final int MOST_SKIPPED = 12;
    private static final Duration NOBODY_WAITS_SO_LONG = Duration.ofSeconds(20);

    /** Result for a vector's message: the return code, and the new body, or null if it stays as it is. */
    public record Actual(int returnCode, @Nullable String body) {}

    protected static Actual actual(MediaProxyResult result) {
        return new Actual(
                result.returnCode(),
                result.body()
                        .map(body -> new String(body, StandardCharsets.UTF_8))
                        .orElse(null));
    }

    /** Calls {@code use_media_proxy} with the message. */
    protected abstract Actual useMediaProxy(MediaProxy mediaProxy, ConformanceVector vector, CallAttributes attributes)
            throws Exception;

    /**
     * Returns the vectors that this way into the SDK cannot take, by name, with the reason: at most a dozen, and none
     * that would pass.
     */
    protected Map<String, String> skipped() {
        return Map.of();
    }

    @Test
    void shouldPassEveryVector() {
        Map<String, String> toSkip = skipped();
        assertThat(toSkip).hasSizeLessThanOrEqualTo(MOST_SKIPPED);
        List<String> failures = new ArrayList<>();
        int passed = 0;
        int skipped = 0;
        try (ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
                MediaProxy mediaProxy = MediaProxy.builder()
                        .dispatcherSocket(dispatcher.socket())
                        .timeout(NOBODY_WAITS_SO_LONG)
                        .build()) {
            for (ConformanceVector vector : ConformanceVector.all()) {
                String difference = difference(dispatcher, mediaProxy, vector);
                String reason = toSkip.get(vector.name());
                if (reason != null && difference.isEmpty()) {
                    failures.add(vector + ": passes, though it is skipped because " + reason);
                } else if (reason != null) {
                    skipped++;
                    System.out.println("skipped " + vector + ": " + reason);
                } else if (difference.isEmpty()) {
                    passed++;
                } else {
                    failures.add(vector + ": " + difference);
                }
            }
        }
        System.out.println(
                "conformance: " + passed + " passed, " + failures.size() + " failed, " + skipped + " skipped");
        assertThat(failures).isEmpty();
    }

    private String difference(ScriptedDispatcher dispatcher, MediaProxy mediaProxy, ConformanceVector vector) {
        dispatcher.answer(vector.dispatcherReply());
        Actual actual;
        try {
            actual = useMediaProxy(mediaProxy, vector, attributes(vector));
        } catch (Exception | AssertionError e) {
            return "threw " + e;
        }
        ConformanceVector.Expectation expected = vector.expect();
        List<String> wantedCommands = expected.command() == null ? List.of() : List.of(expected.command());
        if (actual.returnCode() != expected.returnCode()) {
            return "return code " + actual.returnCode() + " instead of " + expected.returnCode();
        }
        if (!dispatcher.commands().equals(wantedCommands)) {
            return "sent " + dispatcher.commands() + " instead of " + wantedCommands;
        }
        if (!Objects.equals(actual.body(), expected.body())) {
            return "body\n" + actual.body() + "\ninstead of\n" + expected.body();
        }
        return "";
    }

    /** An unknown ICE candidate is refused when a configuration is read; the call continues without one. */
    private static CallAttributes attributes(ConformanceVector vector) {
        ConformanceVector.Attributes given = vector.attributes();
        IceCandidate candidate = null;
        if (given.iceCandidate() != null) {
            try {
                candidate = IceCandidate.of(given.iceCandidate());
            } catch (IllegalArgumentException e) {
                candidate = IceCandidate.NONE;
            }
        }
        return new CallAttributes(given.signalingIp(), given.mediaRelay(), candidate);
    }
}
