package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Close to where a nano clock overflows. */
    private long now = Long.MAX_VALUE - 300 * MS;

    private final AnswerTimes times = new AnswerTimes();

    /** Answers a command after this time, without any other one in progress. */
    private void answerAfter(long millis) {
        times.onFirstCommand(now);
        now += millis * MS;
        times.onReply(now - millis * MS, now);
    }

    private long millis(boolean inProgress) {
        return times.nanos(inProgress, now) / MS;
    }

    @Test
    void shouldBeZeroBeforeTheFirstCommand() {
        assertThat(millis(false)).isZero();
    }

    @Test
    void shouldGrowWithTheTimeOfTheFirstCommand() {
        times.onFirstCommand(now);
        assertThat(millis(true)).isZero();
        now += 400 * MS;
        assertThat(millis(true)).isEqualTo(400);
    }

    @Test
    void shouldTakeTheMeanOfTheLastFullWindow() {
        for (int i = 0; i < 10; i++) {
            answerAfter(5);
            answerAfter(15);
        }
        assertThat(millis(false)).isEqualTo(10);
    }

    @Test
    void shouldFollowTheLatestReplies() {
        for (int i = 0; i < 50; i++) {
            answerAfter(40);
        }
        assertThat(millis(false)).isEqualTo(40);
        for (int i = 0; i < 110; i++) {
            answerAfter(2);
        }
        assertThat(millis(false)).isEqualTo(2);
    }

    @Test
    void shouldForgetTheTimesWhenNoCommandIsInProgress() {
        answerAfter(400);
        answerAfter(400);
        assertThat(millis(false)).isEqualTo(400);
        now += 101 * MS;
        assertThat(millis(false)).isZero();
        times.onFirstCommand(now);
        assertThat(millis(true)).isZero();
    }

    @Test
    void shouldGrowWhileTheDispatcherIsSilent() {
        for (int i = 0; i < 100; i++) {
            answerAfter(2);
        }
        times.onFirstCommand(now);
        now += 90 * MS;
        assertThat(millis(true)).isEqualTo(90);
        now += 200 * MS;
        assertThat(millis(true)).isEqualTo(290);
    }

    @Test
    void shouldNotTakeTheTimeOfAQueueForSilence() {
        times.onFirstCommand(now);
        for (int i = 0; i < 100; i++) {
            now += 10 * MS;
            times.onReply(now - 30 * MS, now);
        }
        now += 10 * MS;
        assertThat(millis(true)).as("a command waits for two others").isEqualTo(30);
    }
}
