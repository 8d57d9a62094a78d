package outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mediaproxy.junit.DispatcherSocket;
import io.mediaproxy.junit.MediaProxyExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two phones talk through the server, and the relay is in the SDP of both. */
class ServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final MediaProxyExtension media = MediaProxyExtension.builder().build();

    @Test
    void shouldRelayACallAndRemoveItsSession(@DispatcherSocket Path socket) throws Exception {
        try (Server server = new Server(socket);
                Phone bob = new Phone();
                Phone alice = new Phone()) {
            alice.call(bob, server.port());
            String invite = bob.receive("INVITE ");
            assertTrue(invite.contains("\r\nc=IN IP4 127.0.0.1\r\n"), invite);
            assertFalse(invite.contains("m=audio 40000 "), invite);
            assertEquals("update", media.takeCommand(PATIENCE).name());

            bob.answer(invite, server.port());
            String answer = alice.receive("SIP/2.0 200 ");
            assertTrue(answer.contains("\r\nc=IN IP4 127.0.0.1\r\n"), answer);
            alice.request("ACK", "", server.port());
            bob.receive("ACK ");
            media.awaitSessions(1, PATIENCE);

            alice.request("BYE", "", server.port());
            bob.answer(bob.receive("BYE "), server.port());
            alice.receive("SIP/2.0 200 ");
            media.awaitSessions(0, PATIENCE);
        }
    }
}
