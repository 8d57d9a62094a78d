package io.mediaproxy.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mediaproxy.embedded.report.Fault;
import io.mediaproxy.embedded.report.ReceivedCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class CommandListenerTest {
    private final List<ReceivedCommand> heard = new CopyOnWriteArrayList<>();

    @Test
    void shouldPassEachCommandUnchangedToTheListener() {
        String offer = Commands.offer("call-1");
        String remove = Commands.remove("call-1", "f\u00fc", "");
        try (EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().commandListener(heard::add).start();
                ControlClient client = new ControlClient(dispatcher)) {
            client.send("\r\n" + offer).readLine();
            client.send(new String(remove.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                    .readLine();
        }

        assertThat(heard)
                .containsExactly(
                        new ReceivedCommand("update", "call-1", offer),
                        new ReceivedCommand("remove", "call-1", remove));
    }

    @Test
    void shouldReplyTheGivenLineWithoutExecuting() {
        try (EmbeddedDispatcher dispatcher =
                        EmbeddedDispatcher.builder().relays().start();
                ControlClient client = new ControlClient(dispatcher)) {
            dispatcher.inject(new Fault.Reply("81.23.228.129 50000"));

            assertThat(client.send(Commands.offer("call-1")).readLine()).isEqualTo("81.23.228.129 50000\r\n");
            assertThat(client.send(Commands.remove("call-1")).readLine()).isEqualTo("error\r\n");
        }
    }

    @Test
    void shouldRefuseAReplyOfTwoLines() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Fault.Reply("None\r\nNone"));
    }
}
