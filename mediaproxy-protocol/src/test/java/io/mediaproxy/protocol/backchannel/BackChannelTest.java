package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static io.mediaproxy.protocol.backchannel.RequestSender.error;
import static io.mediaproxy.protocol.backchannel.RequestSender.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackChannelTest extends BackChannelFixture {
    @Test
    void shouldEndTheDialogOfTheRequest() throws Exception {
        open();
        known.add("101:202");

        String answer = dispatcher.ask(
                "{\"jsonrpc\": \"2.0\", \"id\": \"64f8295e\", \"method\": \"dlg_end_dlg\", \"params\": [\"101:202\"]}");

        assertThat(answer).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"64f8295e\",\"result\":\"OK\"}");
        assertThat(nextEnded()).isEqualTo("101:202");
    }

    @Test
    void shouldReadAnEscapedDialogId() throws Exception {
        open();
        known.add("dü\"1");

        assertThat(dispatcher.ask(endDialog("8b412bd", "d\\u00fc\\\"1"))).isEqualTo(ok("8b412bd"));
        assertThat(nextEnded()).isEqualTo("dü\"1");
    }

    @Test
    void shouldLookAnUnknownDialogUpEachTime() throws Exception {
        open();

        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(error("\"1\"", 404, "unknown dialog"));
        known.add("d");
        assertThat(dispatcher.ask(endDialog("2", "d"))).isEqualTo(ok("2"));

        assertThat(nextEnded()).isEqualTo("d");
        assertThat(lookedUp).containsExactly("d", "d");
    }

    @Test
    void shouldEndADialogOnce() throws Exception {
        open();
        known.add("d");
        known.add("last");

        for (String id : new String[] {"1", "2", "2"}) {
            assertThat(dispatcher.ask(endDialog(id, "d"))).isEqualTo(ok(id));
        }
        known.remove("d");
        assertThat(dispatcher.ask(endDialog("3", "d"))).isEqualTo(ok("3"));
        assertThat(dispatcher.ask(endDialog("4", "last"))).isEqualTo(ok("4"));

        assertThat(nextEnded()).isEqualTo("d");
        assertThat(nextEnded()).isEqualTo("last");
        assertThat(lookedUp).containsExactly("d", "last");
    }

    @Test
    void shouldForgetTheOldestDialogsFirst() throws Exception {
        open(config(), dialogId -> Optional.of(() -> ended.add(dialogId)));
        for (int i = 0; i <= DialogEnding.MAX_REMEMBERED_DIALOGS; i++) {
            assertThat(dispatcher.ask(endDialog("1", "d" + i))).isEqualTo(ok("1"));
            assertThat(nextEnded()).isEqualTo("d" + i);
        }

        assertThat(dispatcher.ask(endDialog("2", "d1"))).isEqualTo(ok("2"));
        assertThat(dispatcher.ask(endDialog("3", "d0"))).isEqualTo(ok("3"));

        assertThat(nextEnded()).isEqualTo("d0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"address_reload", "ul_show_contact", "", "DLG_END_DLG", "d\\u0000\\n"})
    void shouldRefuseOtherMethods(String method) throws Exception {
        open();

        assertThat(dispatcher.ask("{\"jsonrpc\": \"2.0\", \"id\": \"7\", \"method\": \"" + method
                        + "\", \"params\": {\"a\": [1]}}"))
                .isEqualTo(error("\"7\"", -32601, "method not found"));
    }

    @Test
    void shouldAnswerWithAnErrorIfTheListenerThrows() throws Exception {
        open(config(), dialogId -> {
            switch (dialogId) {
                case "exception" -> throw new IllegalStateException("no such luck");
                case "error" -> throw new AssertionError("worse");
                case "null" -> {
                    return nothing();
                }
                case "ending" -> {
                    return Optional.of(() -> {
                        throw new IllegalStateException("no such luck");
                    });
                }
                default -> {
                    return Optional.of(() -> ended.add(dialogId));
                }
            }
        });

        assertThat(dispatcher.ask(endDialog("1", "exception"))).isEqualTo(error("\"1\"", -32603, "internal error"));
        assertThat(dispatcher.ask(endDialog("2", "error"))).isEqualTo(error("\"2\"", -32603, "internal error"));
        assertThat(dispatcher.ask(endDialog("0", "null"))).isEqualTo(error("\"0\"", -32603, "internal error"));
        assertThat(dispatcher.ask(endDialog("3", "ending"))).isEqualTo(ok("3"));
        assertThat(dispatcher.ask(endDialog("4", "good"))).isEqualTo(ok("4"));
        assertThat(nextEnded()).isEqualTo("good");
    }

    @Test
    void shouldAnswerAfterTheListenerInterruptedItsThread() throws Exception {
        open(config(), dialogId -> {
            Thread.currentThread().interrupt();
            return Optional.of(() -> {
                Thread.currentThread().interrupt();
                ended.add(dialogId);
            });
        });

        for (String id : new String[] {"1", "2"}) {
            assertThat(dispatcher.ask(endDialog(id, "d" + id))).isEqualTo(ok(id));
            assertThat(nextEnded()).isEqualTo("d" + id);
        }
    }

    @Test
    void shouldServeASenderWithoutAnAddress() throws Exception {
        open();
        known.add("d");

        closing(RequestSender.withoutAddress(socket)).send(endDialog("1", "d"));

        assertThat(nextEnded()).isEqualTo("d");
        assertThat(dispatcher.ask(endDialog("2", "other"))).isEqualTo(error("\"2\"", 404, "unknown dialog"));
    }

    @Test
    void shouldContinueIfASenderIsGoneBeforeItsAnswer() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        open(config(), dialogId -> {
            await(gone);
            return Optional.empty();
        });
        RequestSender hasty = sender("hasty.sock");
        hasty.send(endDialog("1", "d"));
        hasty.close();
        gone.countDown();

        for (String id : new String[] {"2", "3"}) {
            assertThat(dispatcher.ask(endDialog(id, "d"))).isEqualTo(error('"' + id + '"', 404, "unknown dialog"));
        }
    }

    @Test
    void shouldAnswerEveryRequestOfABurst() throws Exception {
        open();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            known.add("d" + i);
            expected.add(ok("i" + i));
            dispatcher.send(endDialog("i" + i, "d" + i)); // without reading answers, of which its queue holds a few
        }

        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            answers.add(dispatcher.receive());
            assertThat(nextEnded()).isEqualTo("d" + i);
        }

        assertThat(answers).isEqualTo(expected);
    }

    @Test
    void shouldReadAndAnswerWhileADialogIsEnded() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        open(
                config(),
                dialogId -> Optional.of(() -> {
                    await(release);
                    ended.add(dialogId);
                }));

        for (int i = 0; i < 60; i++) {
            assertThat(dispatcher.ask(endDialog("i" + i, "d" + i))).isEqualTo(ok("i" + i));
        }
        assertThat(ended).isEmpty();

        release.countDown();
        for (int i = 0; i < 60; i++) {
            assertThat(nextEnded()).isEqualTo("d" + i);
        }
    }

    @Test
    void shouldRefuseADialogWhileTooManyWaitForTheirEnd() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        open(
                config().queueCapacity(2),
                dialogId -> Optional.of(() -> {
                    started.countDown();
                    await(release);
                    ended.add(dialogId);
                }));
        assertThat(dispatcher.ask(endDialog("1", "running"))).isEqualTo(ok("1"));
        await(started);
        assertThat(dispatcher.ask(endDialog("2", "waiting"))).isEqualTo(ok("2"));
        assertThat(dispatcher.ask(endDialog("3", "waiting too"))).isEqualTo(ok("3"));

        assertThat(dispatcher.ask(endDialog("4", "one more")))
                .isEqualTo(error("\"4\"", 503, "too many requests are waiting"));

        release.countDown();
        for (String dialogId : new String[] {"running", "waiting", "waiting too"}) {
            assertThat(nextEnded()).isEqualTo(dialogId);
        }
        assertThat(dispatcher.ask(endDialog("5", "one more"))).isEqualTo(ok("5"));
        assertThat(nextEnded()).isEqualTo("one more");
    }

    @Test
    void shouldRefuseRequestsWhileTheQueueIsFull() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        open(config().queueCapacity(2), dialogId -> {
            started.countDown();
            await(release);
            return Optional.of(() -> ended.add(dialogId));
        });
        dispatcher.send(endDialog("1", "slow"));
        await(started);
        dispatcher.send(endDialog("2", "second"));
        dispatcher.send(endDialog("3", "third"));

        for (int i = 4; i < 40; i++) {
            assertThat(dispatcher.ask(endDialog("i" + i, "d" + i)))
                    .isEqualTo(error("\"i" + i + '"', 503, "too many requests are waiting"));
        }
        closing(RequestSender.withoutAddress(socket)).send(endDialog("40", "d40"));
        dispatcher.send("garbage");

        release.countDown();
        for (String id : new String[] {"1", "2", "3"}) {
            assertThat(dispatcher.receive()).isEqualTo(ok(id));
        }
        for (String dialogId : new String[] {"slow", "second", "third"}) {
            assertThat(nextEnded()).isEqualTo(dialogId);
        }
    }

    @Test
    void shouldStopAnsweringASenderThatDoesNotReadAfterTwoSeconds() throws Exception {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
        open(config().clock(nanos::get), dialogId -> Optional.empty());
        RequestSender deaf = sender("deaf.sock");
        for (int i = 0; i < 30; i++) {
            deaf.send(endDialog("i" + i, "d"));
        }
        dispatcher.send(endDialog("1", "d"));

        // A request that is read after a step of the clock has two seconds from then.
        String answer = null;
        for (int step = 0; answer == null && step < 1_000; step++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            try {
                answer = dispatcher.receive(20);
            } catch (SocketTimeoutException e) {
                assertThat(threads()).isNotEmpty();
            }
        }

        assertThat(answer).isEqualTo(error("\"1\"", 404, "unknown dialog"));
        assertThat(deaf.receive()).isEqualTo(error("\"i0\"", 404, "unknown dialog"));
    }

    @Test
    void shouldAnswerEachSenderAtItsAddress() throws Exception {
        open();
        known.add("d");
        RequestSender other = sender("other.sock");
        other.send(endDialog("o", "d"));
        dispatcher.send(endDialog("d", "none"));

        assertThat(other.receive()).isEqualTo(ok("o"));
        assertThat(dispatcher.receive()).isEqualTo(error("\"d\"", 404, "unknown dialog"));
        other.hasNothingMore();
        dispatcher.hasNothingMore();
    }

    @SuppressWarnings("NullAway") // code without null checks can return null
    private static Optional<Runnable> nothing() {
        return null;
    }

    @Test
    void shouldReadOnAfterAnErrorOnTheReadingThread() throws Exception {
        AtomicBoolean armed = new AtomicBoolean(true);
        open(
                config().clock(() -> {
                    boolean reads = Thread.currentThread()
                            .getName()
                            .equals(directory.getFileName().toString());
                    if (reads && armed.getAndSet(false)) {
                        throw new OutOfMemoryError("thrown by a test");
                    }
                    return System.nanoTime();
                }),
                dialogId -> Optional.of(() -> ended.add(dialogId)));

        dispatcher.send(endDialog("1", "lost"));
        String answer = dispatcher.ask(endDialog("2", "d"));

        assertThat(answer).isEqualTo(ok("2"));
        assertThat(nextEnded()).isEqualTo("d");
    }
}
