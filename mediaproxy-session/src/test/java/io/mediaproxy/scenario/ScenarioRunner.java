package io.mediaproxy.scenario;

import io.mediaproxy.protocol.CommandRefusedException;
import io.mediaproxy.scenario.Scenario.Line;
import io.mediaproxy.scenario.Scenario.Step;
import io.mediaproxy.scenario.SdpStreams.RelayPlaces;
import io.mediaproxy.scenario.ServerUnderTest.Passed;
import io.mediaproxy.scenario.ServerUnderTest.Settings;
import io.mediaproxy.scenario.ServerUnderTest.Verb;
import io.mediaproxy.session.CallKey;
import io.mediaproxy.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Plays one ladder to a server with a real dispatcher and relay on a UNIX domain socket. Compares the commands, byte
 * for byte and in their order, and the body of each message that is passed on, and checks that nothing remains at the
 * end. Throws a {@link ScenarioFailure} at the first difference.
 */
public final class ScenarioRunner {
    private static final Duration MAX_WAIT = Duration.ofSeconds(20);
    /** Suffices for commands: a message is passed on after its command was answered. */
    private static final Duration MAX_WAIT_AFTER_PASSING_ON = Duration.ofSeconds(1);

    private static final Pattern EXPECTATION = Pattern.compile(
            "(update (request|reply) \\d+ \\S+ -> |remove \\S+ -> |\\w+ gets |outcome [A-Z_]+$|because |refused |waits$"
                    + "|not joined$|media timeout \\S+$)");

    private static final String MEDIA_TIMEOUT = "media timeout ";
    private static final Line AT_THE_END = new Line(0, "(at the end of the ladder)");

    /** A message that the server has and did not pass on yet. */
    private record Waiting(SipText text, String body, CompletableFuture<Passed> passed) {
        boolean hasSdp() {
            return body.startsWith("v=");
        }
    }

    private final Scenario scenario;
    private final ScenarioDispatcher dispatcher;
    private final ServerUnderTest server;
    private final RelayPlaces places;

    private final LadderMessages messages;
    private final MediaLegs legs;
    private final Phones phones;
    private final Comparison comparison;
    private final DialogIds dialogIds;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private ScenarioRunner(Scenario scenario, ScenarioDispatcher dispatcher, ServerUnderTest server) {
        this.scenario = scenario;
        this.dispatcher = dispatcher;
        this.server = server;
        this.places = new RelayPlaces(ScenarioDispatcher.ADDRESSES);
        this.messages = new LadderMessages(places);
        this.comparison = new Comparison(scenario.file());
        this.dialogIds = new DialogIds(comparison, scenario.startsWith("back channel"));
        this.legs = new MediaLegs(places);
        this.phones = new Phones(legs, places, dispatcher, comparison);
    }

    /** Plays a ladder. The sockets of the dispatcher are created in the directory. */
    public static void run(Scenario scenario, Path directory, ServerUnderTest.Maker maker) {
        ManualClock clock = new ManualClock();
        Path socket = directory.resolve("d.sock");
        Path backChannel = scenario.startsWith("back channel") ? directory.resolve("b.sock") : null;
        Settings settings = new Settings(socket, clock, scenario.startsWith("disabled"), backChannel);
        try (ScenarioDispatcher dispatcher = new ScenarioDispatcher(socket, clock, backChannel);
                ServerUnderTest server = maker.make(settings)) {
            new ScenarioRunner(scenario, dispatcher, server).play();
        }
    }

    private void play() {
        try (phones) {
            for (Step step : scenario.steps()) {
                play(step);
            }
            end();
        }
    }

    /** A misspelt expectation would never be compared. */
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
        if (Phones.isAsked(text)) {
            expectNothing(step);
            phones.play(step.line());
            return;
        }
        String[] words = text.split(" ", -1);
        try {
            switch (words[0]) {
                case "disabled", "back" -> expectNothing(step);
                case "time" -> time(step, duration(words[1]));
                case "dispatcher" -> {
                    dispatcher.order(text.substring("dispatcher ".length()));
                    expectNothing(step);
                }
                case "goes" -> passedOn(step, waiting.remove());
                case "sessions" ->
                    comparison.values(
                            step.line(), "sessions at the relays", Integer.parseInt(words[1]), dispatcher.sessions());
                case "streams" ->
                    comparison.values(
                            step.line(),
                            "streams that are alive at the relays",
                            Integer.parseInt(words[1]),
                            dispatcher.streams());
                case "engaged" -> engaged(step.line(), Integer.parseInt(words[1]));
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
        byte[] bytes = messages.bytes(message);
        if (join) {
            boolean expected =
                    step.expected().stream().noneMatch(line -> line.text().equals("not joined"));
            comparison.values(step.line(), "whether the leg was joined", expected, server.join(bytes));
            legs.passed(message, messages.body(message), messages.body(message));
            return;
        }
        Waiting handed = new Waiting(
                message, messages.body(message), server.handle(verb, bytes, messages.address(message.from())));
        if (step.expected().stream().anyMatch(line -> line.text().equals("waits"))) {
            commands(step, message, MAX_WAIT);
            comparison.values(
                    step.line(),
                    "whether it is passed on already",
                    false,
                    handed.passed().isDone());
            waiting.add(handed);
        } else {
            passedOn(step, handed);
        }
    }

    private void passedOn(Step step, Waiting handed) {
        Passed passed = await(step, handed.passed());
        boolean removed = commands(step, handed.text(), MAX_WAIT_AFTER_PASSING_ON);
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
        comparison.texts(
                gets == null ? step.line() : gets,
                "the body that " + handed.text().to() + " gets",
                expected,
                actual);
        legs.passed(handed.text(), handed.body(), actual);
        outcome(step, passed, defaultOutcome(step, handed, gets, removed));
    }

    private String defaultOutcome(Step step, Waiting handed, Line gets, boolean removed) {
        if (gets != null) {
            return "REWRITTEN";
        }
        if (removed) {
            return "REMOVED";
        }
        if (!handed.hasSdp()) {
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
        comparison.values(
                outcome == null ? step.line() : outcome,
                "the outcome (" + passed.reason() + ")",
                expected,
                passed.outcome().name());
        Line because = expectation(step, "because ");
        if (because != null) {
            comparison.contains(
                    because, "another reason", because.text().substring("because ".length()), passed.reason());
        }
    }

    /** Compares the commands with the expected ones. Returns whether a session was removed. */
    private boolean commands(Step step, SipText message, Duration within) {
        boolean removed = false;
        for (Line line : step.expected()) {
            if (line.text().startsWith("update ") || line.text().startsWith("remove ")) {
                removed |= line.text().startsWith("remove ");
                String expected = CommandText.of(line.text(), message, places, messages::address);
                String actual = dispatcher.next(within);
                comparison.texts(
                        line, "the command", expected, actual == null ? "nothing" : dialogIds.checked(line, actual));
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
        mediaTimeouts(step);
        commands(step, null, MAX_WAIT);
        if (waiting.isEmpty()) {
            server.settle();
            expectNoCommand(step.line());
        }
    }

    private void mediaTimeouts(Step step) {
        for (Line line : step.expected()) {
            if (line.text().startsWith(MEDIA_TIMEOUT)) {
                String actual = server.nextMediaTimeout(MAX_WAIT);
                comparison.values(
                        line,
                        "the call whose media stopped",
                        line.text().substring(MEDIA_TIMEOUT.length()),
                        String.valueOf(actual));
            }
        }
    }

    private void session(Step step, String callId, String fromTag) {
        String actual = "";
        try {
            server.session(SipText.repeated(callId), fromTag);
        } catch (IllegalStateException | IllegalArgumentException | CommandRefusedException e) {
            actual = String.valueOf(e.getMessage());
        }
        Line refused = expectation(step, "refused ");
        if (refused == null) {
            comparison.values(step.line(), "why the session is refused", "", actual);
        } else {
            comparison.contains(
                    refused, "another reason for refusing", refused.text().substring("refused ".length()), actual);
        }
    }

    private void ended(Step step, String[] words) {
        if (words.length > 2 && words[2].equals("->")) {
            message(step);
            return;
        }
        finish(step, words[1].equals("session") ? server.endSession() : server.endCall(call(words[2], words)));
    }

    private void over(Step step, String[] words) {
        String callId = words.length > 4 ? words[4] : "call";
        finish(
                step,
                words[1].equals("dialog")
                        ? server.dialogOver(callId, words[2], words[3])
                        : server.inviteOver(call("call", words), Long.parseLong(words[2])));
    }

    /** The call of a line whose fourth word may be the caller's tag. */
    private static CallKey call(String callId, String[] words) {
        return new CallKey(callId, words.length > 3 ? words[3] : "alice");
    }

    private void finish(Step step, CompletableFuture<Passed> ending) {
        Passed passed = await(step, ending);
        boolean removed = commands(step, null, MAX_WAIT_AFTER_PASSING_ON);
        outcome(step, passed, removed ? "REMOVED" : "NO_SDP");
    }

    private void end() {
        if (!waiting.isEmpty()) {
            throw new ScenarioFailure(scenario.file(), AT_THE_END, waiting.size() + " messages were never passed on");
        }
        server.settle();
        expectNoCommand(AT_THE_END);
        comparison.values(
                AT_THE_END,
                "a media timeout",
                "none",
                Objects.requireNonNullElse(server.nextMediaTimeout(Duration.ZERO), "none"));
        comparison.values(AT_THE_END, "sessions that are left at the relays", 0, dispatcher.sessions());
        if (server.engaged() >= 0) {
            engaged(AT_THE_END, 0);
        }
    }

    /** A call that a media timeout ended is forgotten after its command was sent, on another thread. */
    private void engaged(Line line, int expected) {
        long start = System.nanoTime();
        while (server.engaged() > expected && System.nanoTime() - start < MAX_WAIT_AFTER_PASSING_ON.toNanos()) {
            server.settle();
        }
        comparison.values(line, "engaged calls", expected, server.engaged());
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
            return passed.get(MAX_WAIT.toSeconds(), TimeUnit.SECONDS);
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
