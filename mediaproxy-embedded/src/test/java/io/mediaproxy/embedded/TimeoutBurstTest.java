package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.protocol.backchannel.BackChannel;
import io.mediaproxy.protocol.backchannel.BackChannelConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel of a relay ends connections in rounds, so that many calls time out at once. */
class TimeoutBurstTest {
    private static final int CALLS = 60;

    @Test
    void shouldEndEveryCallOfABurst(@TempDir Path directory) throws InterruptedException {
        Path socket = directory.resolve("mi.sock");
        Set<String> ended = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(CALLS);
        try (CallFixture call = new CallFixture(socket);
                BackChannel channel = BackChannel.open(
                        BackChannelConfig.builder(socket)
                                .dispatchers(List.of(call.dispatcher.socket()))
                                .build(),
                        dialogId -> Optional.of(() -> {
                            ended.add(dialogId);
                            all.countDown();
                        }))) {
            for (int i = 0; i < CALLS; i++) {
                String dialogId = "dialog_id: 1:" + i + "\r\n";
                call.run(Commands.offer("c" + i).replace("dialog_id: 1:2\r\n", dialogId));
                call.run(Commands.answer("c" + i).replace("dialog_id: 1:2\r\n", dialogId));
            }
            call.pass(Duration.ofSeconds(90));

            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(ended).hasSize(CALLS);
            assertThat(channel.socket()).isEqualTo(socket);
        }
    }
}
