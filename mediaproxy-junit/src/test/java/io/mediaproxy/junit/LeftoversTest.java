package io.mediaproxy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.suppressed;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.session.MediaProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Tests that leave something fail, and only these. */
class LeftoversTest {
    @Test
    void shouldFailTestsThatLeaveSomething() {
        Events tests = run(CarelessTests.class);

        tests.assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("session"),
                                finishedWithFailure(message(
                                        text -> text.contains("the session of call left is still at the relay")))))
                .haveExactly(
                        1,
                        event(
                                test("twice"),
                                finishedWithFailure(message(text -> text.contains("call again was removed twice")))))
                .haveExactly(
                        1,
                        event(
                                test("fault"),
                                finishedWithFailure(
                                        message(text -> text.contains("no command met the fault ReplyError")))))
                .haveExactly(1, event(test("allowed"), finishedSuccessfully()))
                .haveExactly(1, event(test("tidy"), finishedSuccessfully()));
    }

    @Test
    void shouldShowTheCommandsWithTheFailureOfATest() {
        run(CarelessTests.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("broken"),
                                finishedWithFailure(suppressed(0, message(text -> text.contains("call_id: broken"))))));
    }

    @Test
    void shouldGiveEachTestAnotherSocketFromAnInstanceField() {
        CarelessTests.SOCKETS.clear();

        run(CarelessTests.class);

        assertThat(CarelessTests.SOCKETS)
                .hasSize(6)
                .doesNotHaveDuplicates()
                .allSatisfy(socket -> assertThat(socket.getParent()).doesNotExist());
    }

    private static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
    }

    /** Run by the tests above only. */
    @Tag("run-by-another-test")
    static class CarelessTests {
        static final List<Path> SOCKETS = Collections.synchronizedList(new ArrayList<>());

        @RegisterExtension
        final MediaProxyExtension media = MediaProxyExtension.builder().build();

        @Test
        void session() {
            use("left", false);
        }

        @Test
        void twice() {
            use("again", true);
            try (MediaProxy mediaProxy = media.mediaProxy().build()) {
                mediaProxy.endMediaSession(new Call("again").bye());
            }
        }

        @Test
        void fault() {
            SOCKETS.add(media.socket());
            media.inject(new Fault.ReplyError());
        }

        @Test
        @AllowLeftovers
        void allowed() {
            use("allowed", false);
            media.inject(new Fault.ReplyNone());
        }

        @Test
        void broken() {
            use("broken", true);
            throw new IllegalStateException("the test is broken");
        }

        @Test
        void tidy() {
            use("tidy", true);
        }

        private void use(String callId, boolean end) {
            SOCKETS.add(media.socket());
            try (MediaProxy mediaProxy = media.mediaProxy().build()) {
                mediaProxy.useMediaProxy(new Call(callId).invite());
                if (end) {
                    mediaProxy.endMediaSession(new Call(callId).bye());
                }
            }
        }
    }
}
