package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.log.Log;
import io.mediaproxy.embedded.relay.PortRange;
import io.mediaproxy.embedded.relay.Relay;
import io.mediaproxy.embedded.relay.RelaySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Makes one call through a dispatcher and a relay that exist only for this, once in a JVM. This loads the classes that
 * serve commands. Otherwise a user's first command would load them, and its answer would take a hundred times as long
 * as the others.
 */
final class WarmUp {
    private static final Log LOG = Log.of(WarmUp.class);

    private static final String CALL = "call_id: c\r\nfrom_tag: a\r\nto_tag: b\r\n";

    private WarmUp() {}

    /** By the rules of class initialisation the first user runs the warm-up, and others wait for its end. */
    private static final class Once {
        static {
            try {
                run();
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("the warm-up failed, the first commands will be slow", e);
            }
        }

        private Once() {}

        static void trigger() {
            // Initialising the class does it.
        }
    }

    /** Returns when the classes are loaded. */
    static void await() {
        Once.trigger();
    }

    private static void run() throws IOException {
        Relay relay = Relay.start(new RelaySettings(
                (Inet4Address) InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                "127.0.0.1",
                PortRange.fromRandomPair(16_384, 32_767),
                Duration.ofSeconds(90),
                Duration.ofHours(2),
                System::nanoTime));
        try {
            Dispatcher dispatcher = Dispatcher.open(
                    new DispatcherSettings(
                            null,
                            50,
                            null,
                            System::nanoTime,
                            new Random(),
                            session -> LOG.trace("the session ended"),
                            command -> LOG.trace("a command came")),
                    List.of(relay));
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(dispatcher.socket()));
                ask(client, update("request", "192.0.2.1", "audio:192.0.2.1:4000:sendrecv:ice=no"));
                ask(client, update("reply", "{\"username\": \"a\"}", "audio:192.0.2.2:4000:sendonly:ice=no"));
                ask(client, "remove\r\n" + CALL + "\r\n");
            } finally {
                dispatcher.close();
            }
        } finally {
            relay.close();
        }
    }

    private static String update(String type, String signalingIp, String media) {
        return "update\r\ntype: " + type + "\r\n" + CALL
                + "dialog_id: d\r\ncseq: 1\r\nfrom_uri: a\r\nto_uri: b\r\nuser_agent: a\r\nsignaling_ip: " + signalingIp
                + "\r\nmedia: " + media + "\r\n\r\n";
    }

    private static void ask(SocketChannel client, String command) throws IOException {
        client.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
        ByteBuffer reply = ByteBuffer.allocate(256);
        do {
            if (client.read(reply) < 0) {
                throw new IOException("the connection was closed before the reply");
            }
        } while (reply.get(reply.position() - 1) != '\n');
    }
}
