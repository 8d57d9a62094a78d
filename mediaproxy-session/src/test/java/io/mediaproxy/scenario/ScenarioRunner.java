package io.mediaproxy.scenario;

import io.mediaproxy.scenario.Scenario.Line;
import io.mediaproxy.scenario.Scenario.Step;
import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import io.mediaproxy.scenario.ServerUnderTest.Passed;
import io.mediaproxy.scenario.ServerUnderTest.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Plays one ladder to a server, before a real dispatcher and relay behind a UNIX socket, and compares: the commands that went
 * out, byte for byte and in their order, the body that each message had when it was passed on, and at the end that nothing was
 * left. Throws a {@link ScenarioFailure} at the first difference.
 */
public final class ScenarioRunner {
    private static final Duration NOBODY_WAITS_SO_LONG = Duration.ofSeconds(20);
    /** A message is passed on when its command was answered. */
    private static final Duration COMMANDS_CAME_BEFORE = Duration.ofSeconds(1);

    private static final String WITHOUT_ADDRESS =
            "v=0\r\no=- 1 1 IN IP4 192.0.2.99\r\ns=-\r\nt=0 0\r\nm=audio 5004 RTP/AVP 0\r\n";

    private static final Pattern EXPECTATION = Pattern.compile(
            "(update (request|reply) \\d+ \\S+ -> |remove \\S+ -> |\\w+ gets |outcome [A-Z_]+$|because |refused |waits$|not joined$)");

    private static final Line AT_THE_END = new Line(0, "(at the end of the ladder)");

    /** A message that was handed over and not passed on yet. */
    private record Waiting(SipText text, String body, CompletableFuture<Passed> passed) {}

    private final Scenario scenario;
    private final ScenarioDispatcher dispatcher;
    private final ServerUnderTest server;
    private final RelayPlaces places;

    private final Map<List<String>, byte[]> sent = new HashMap<>();
    private final Map<List<String>, String> bodies = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Who has a tag in the call already, because a reply or a request of theirs has shown it. */
    private final Set<String> known = new HashSet<>();

    private final Set<String> answered = new HashSet<>();
    private final List<String> parties = new ArrayList<>();

    private ScenarioRunner(Scenario scenario, ScenarioDispatcher dispatcher, ServerUnderTest server) {
        this.scenario = scenario;
        this.dispatcher = dispatcher;
        this.server = server;
        this.places = new RelayPlaces(ScenarioDispatcher.ADDRESSES);
    }

    /** Plays it; the dispatcher's socket is made in this directory. */
    public static void run(Scenario scenario, Path directory, ServerUnderTest.Maker maker) {
        ManualClock clock = new ManualClock();
        boolean disabled = !scenario.steps().isEmpty()
                && scenario.steps().get(0).line().text().equals("disabled");
        try (ScenarioDispatcher dispatcher = new ScenarioDispatcher(directory.resolve("d.sock"), clock);
                ServerUnderTest server = maker.make(directory.resolve("d.sock"), clock, disabled)) {
            ScenarioRunner runner = new ScenarioRunner(scenario, dispatcher, server);
            for (Step step : scenario.steps()) {
                runner.play(step);
            }
            runner.end();
        }
    }

    /** What is misspelt would be expected of nothing. */
    private void checkExpectations(Step step) {
        for (Line line : step.expected()) {
            if (!EXPECTATION.matcher(line.text()).lookingAt()) {
                throw new ScenarioFailure(scenario.file(), line, "this is no expectation");
            }
        }
    }

    private void play(Step step) {
        checkExpectations(step);
        String text = step.line().text();
        String[] words = text.split(" ", -1);
        try {
            switch (words[0]) {
                case "disabled" -> expectNothing(step);
                case "time" -> time(step, duration(words[1]));
                case "dispatcher" -> {
                    dispatcher.order(text.substring("dispatcher ".length()));
                    expectNothing(step);
                }
                case "goes" -> passedOn(step, waiting.remove());
                case "sessions" ->
                    compare(step.line(), "sessions at the relays", Integer.parseInt(words[1]), dispatcher.sessions());
                case "engaged" -> compare(step.line(), "engaged calls", Integer.parseInt(words[1]), server.engaged());
                case "session" -> session(step, words[1], words[2]);
                case "end" -> ended(step, words);
                case "over" -> over(step, words);
                default -> message(step);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ScenarioFailure(scenario.file(), step.line(), "this cannot be read: " + e.getMessage());
        }
    }

    private void message(Step step) {
        String text = step.line().text();
        String first = text.substring(0, text.indexOf(' '));
        boolean join = first.equals("join");
        Verb verb = Verb.FOLLOW;
        for (Verb one : Verb.values()) {
            verb = one.name().toLowerCase(Locale.ROOT).equals(first) ? one : verb;
        }
        SipText message = SipText.parse(join || verb != Verb.FOLLOW ? text.substring(first.length() + 1) : text);
        byte[] bytes = bytes(message);
        if (join) {
            boolean expected =
                    step.expected().stream().noneMatch(line -> line.text().equals("not joined"));
            compare(step.line(), "whether the leg was joined", expected, server.join(bytes));
            return;
        }
        Waiting handed = new Waiting(
                message, bodies.get(message.identity()), server.handle(verb, bytes, address(message.from())));
        if (step.expected().stream().anyMatch(line -> line.text().equals("waits"))) {
            commands(step, message, NOBODY_WAITS_SO_LONG);
            compare(
                    step.line(),
                    "whether it is passed on already",
                    false,
                    handed.passed().isDone());
            waiting.add(handed);
        } else {
            passedOn(step, handed);
        }
    }

    /** The very same bytes again, where the ladder says so. */
    private byte[] bytes(SipText message) {
        byte[] before = sent.get(message.identity());
        if (message.options().containsKey("again")) {
            if (before == null) {
                throw new IllegalArgumentException("nothing like this was sent before");
            }
            return before;
        }
        String body = message.streams() == null
                ? message.options().containsKey("garbage") ? WITHOUT_ADDRESS : ""
                : SdpStreams.parse(message.streams()).sdp(message.from(), places);
        String toTag = "";
        if (!message.isRequest()) {
            toTag = message.status().equals("100") ? "" : message.from();
            if (!toTag.isEmpty()) {
                known.add(message.from());
            }
            if (message.status().startsWith("2") && message.method().equals("INVITE")) {
                answered.add(message.from());
            }
        } else if (message.method().equals("INVITE") || message.method().equals("CANCEL")) {
            boolean inDialog = answered.contains(message.to()) || answered.contains(message.from());
            toTag = inDialog && !message.method().equals("CANCEL") ? message.to() : "";
        } else {
            toTag = known.contains(message.to()) || known.contains(message.from()) ? message.to() : "";
        }
        byte[] bytes = message.bytes(toTag, body);
        sent.put(message.identity(), bytes);
        bodies.put(message.identity(), body);
        return bytes;
    }

    private void passedOn(Step step, Waiting handed) {
        Passed passed = await(step, handed.passed());
        boolean removed = commands(step, handed.text(), COMMANDS_CAME_BEFORE);
        Line gets = expectation(step, handed.text().to() + " gets ");
        String actual = passed.body();
        String expected = handed.body();
        if (gets != null) {
            SdpStreams streams =
                    SdpStreams.parse(gets.text().substring(handed.text().to().length() + " gets ".length()));
            streams.name(actual, places);
            String owner = handed.text().from();
            expected = streams.sdp(owner, places);
        }
        compareLines(
                gets == null ? step.line() : gets,
                "the body that " + handed.text().to() + " gets",
                expected,
                actual);
        outcome(step, passed, defaultOutcome(step, handed, gets, removed));
    }

    private String defaultOutcome(Step step, Waiting handed, Line gets, boolean removed) {
        if (gets != null) {
            return "REWRITTEN";
        }
        if (removed) {
            return "REMOVED";
        }
        if (handed.body().isEmpty()) {
            return "NO_SDP";
        }
        if (expectation(step, "outcome ") == null) {
            throw new ScenarioFailure(
                    scenario.file(), step.line(), "a message whose SDP stays as it is needs its outcome: why does it?");
        }
        return "";
    }

    private void outcome(Step step, Passed passed, String byDefault) {
        if (passed.outcome() == null) {
            return;
        }
        Line outcome = expectation(step, "outcome ");
        String expected = outcome == null ? byDefault : outcome.text().substring("outcome ".length());
        compare(
                outcome == null ? step.line() : outcome,
                "the outcome (" + passed.reason() + ")",
                expected,
                passed.outcome().name());
        Line because = expectation(step, "because ");
        if (because != null && !passed.reason().contains(because.text().substring("because ".length()))) {
            throw new ScenarioFailure(
                    scenario.file(),
                    because,
                    "another reason",
                    because.text().substring("because ".length()),
                    passed.reason());
        }
    }

    /** Compares what went out with what the step says. Returns whether a session was removed. */
    private boolean commands(Step step, SipText message, Duration within) {
        boolean removed = false;
        for (Line line : step.expected()) {
            if (line.text().startsWith("update ") || line.text().startsWith("remove ")) {
                removed |= line.text().startsWith("remove ");
                String expected = CommandText.of(line.text(), message, places, this::address);
                String actual = dispatcher.next(within);
                compareLines(line, "the command", expected, actual == null ? "nothing" : actual);
            }
        }
        String more = dispatcher.next(Duration.ZERO);
        if (more != null) {
            throw new ScenarioFailure(scenario.file(), step.line(), "a command too many", "no other command", more);
        }
        return removed;
    }

    private void time(Step step, Duration by) {
        dispatcher.advance(by);
        server.timePassed();
        commands(step, null, NOBODY_WAITS_SO_LONG);
        if (waiting.isEmpty()) {
            server.settle();
            expectNoCommand(step.line());
        }
    }

    private void session(Step step, String callId, String fromTag) {
        String actual = "";
        try {
            server.session(callId, fromTag);
        } catch (IllegalStateException | IllegalArgumentException e) {
            actual = String.valueOf(e.getMessage());
        }
        Line refused = expectation(step, "refused ");
        String expected = refused == null ? "" : refused.text().substring("refused ".length());
        compare(refused == null ? step.line() : refused, "why the session is refused", expected, actual);
    }

    private void ended(Step step, String[] words) {
        if (words.length > 2 && words[2].equals("->")) {
            message(step);
            return;
        }
        finish(step, words[1].equals("session") ? server.endSession() : server.endCall(words[2]));
    }

    private void over(Step step, String[] words) {
        String callId = words.length > 4 ? words[4] : "call";
        finish(
                step,
                words[1].equals("dialog")
                        ? server.dialogOver(callId, words[2], words[3])
                        : server.inviteOver("call", Long.parseLong(words[2])));
    }

    private void finish(Step step, CompletableFuture<Passed> ending) {
        Passed passed = await(step, ending);
        boolean removed = commands(step, null, COMMANDS_CAME_BEFORE);
        outcome(step, passed, removed ? "REMOVED" : "NO_SDP");
    }

    private void end() {
        if (!waiting.isEmpty()) {
            throw new ScenarioFailure(scenario.file(), AT_THE_END, waiting.size() + " messages were never passed on");
        }
        server.settle();
        expectNoCommand(AT_THE_END);
        compare(AT_THE_END, "sessions that are left at the relays", 0, dispatcher.sessions());
        if (server.engaged() >= 0) {
            compare(AT_THE_END, "calls that are still engaged", 0, server.engaged());
        }
    }

    private void expectNothing(Step step) {
        if (!step.expected().isEmpty()) {
            throw new ScenarioFailure(scenario.file(), step.expected().get(0), "nothing can be expected of this");
        }
    }

    private void expectNoCommand(Line line) {
        String more = dispatcher.next(Duration.ZERO);
        if (more != null) {
            throw new ScenarioFailure(scenario.file(), line, "a command too many", "no other command", more);
        }
    }

    private Passed await(Step step, CompletableFuture<Passed> passed) {
        try {
            return passed.get(NOBODY_WAITS_SO_LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ScenarioFailure(scenario.file(), step.line(), "it is not passed on, what does it wait for?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Line expectation(Step step, String start) {
        return step.expected().stream()
                .filter(line -> line.text().startsWith(start))
                .findFirst()
                .orElse(null);
    }

    private void compare(Line line, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new ScenarioFailure(scenario.file(), line, "another value: " + what, expected, actual);
        }
    }

    private void compareLines(Line line, String what, String expected, String actual) {
        String[] expectedLines = expected.split("(?<=\n)", -1);
        String[] actualLines = actual.split("(?<=\n)", -1);
        int mismatch = Arrays.mismatch(expectedLines, actualLines);
        if (mismatch >= 0) {
            throw new ScenarioFailure(
                    scenario.file(),
                    line,
                    "another line " + (mismatch + 1) + " of " + what,
                    line(expectedLines, mismatch),
                    line(actualLines, mismatch) + "\nall of it:\n" + actual);
        }
    }

    private static String line(String[] lines, int index) {
        return index < lines.length ? lines[index].stripTrailing() : "no such line";
    }

    /** Each party has an address, by its turn. */
    private String address(String party) {
        if (!parties.contains(party)) {
            parties.add(party);
        }
        return "192.0.2." + (parties.indexOf(party) + 1);
    }

    private static Duration duration(String text) {
        int unit = text.endsWith("ms") ? text.length() - 2 : text.length() - 1;
        long value = Long.parseLong(text.substring(1, unit));
        return switch (text.substring(unit)) {
            case "ms" -> Duration.ofMillis(value);
            case "s" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMinutes(value);
            case "h" -> Duration.ofHours(value);
            default -> throw new IllegalArgumentException("a time is +NUMBER and ms, s, m or h");
        };
    }
}
