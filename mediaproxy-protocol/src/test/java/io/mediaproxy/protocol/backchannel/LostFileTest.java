package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static io.mediaproxy.protocol.backchannel.RequestSender.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.testing.LogCapture;
import io.mediaproxy.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A back channel whose file is removed or replaced while it is open. */
class LostFileTest extends BackChannelFixture {
    private static final Duration CHECKED = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final LogCapture logged = LogCapture.of("io.mediaproxy.protocol.backchannel");
    private BackChannel channel;

    @AfterEach
    void restoreLogger() {
        logged.close();
    }

    @BeforeEach
    void listen() {
        channel = open(config().clock(clock), dialogId -> Optional.empty());
    }

    private void assertServes() throws IOException {
        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(error("\"1\"", 404, "unknown dialog"));
    }

    private void checkUntilServed() throws IOException {
        clock.advance(CHECKED);
        await(this::isServed);
        assertServes();
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
            LockSupport.parkNanos(100_000);
        }
    }

    /** With a socket for each attempt, since junixsocket closes one that fails. */
    private boolean isServed() {
        try (RequestSender probe = RequestSender.withoutAddress(socket)) {
            return probe.trySend(endDialog("1", "d"));
        } catch (IOException e) { // there is no file, or no process has it open
            return false;
        }
    }

    @Test
    void shouldBindItsFileAgainAfterItWasRemoved() throws Exception {
        assertServes();
        for (int i = 0; i < 3; i++) {
            Files.delete(socket);
            checkUntilServed();
        }
        assertThat(logged.lines(Level.WARNING).stream().filter(line -> line.contains("bound again")))
                .hasSize(3);
        channel.close();
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldBindItsFileAgainAfterItWasReplacedByThatOfADeadProcess() throws Exception {
        Path other = directory.resolve("other");
        try (AFUNIXDatagramChannel dead = AFUNIXDatagramChannel.open()) {
            dead.bind(AFUNIXSocketAddress.of(other));
        }
        Files.move(other, socket, StandardCopyOption.REPLACE_EXISTING);
        checkUntilServed();
    }

    @Test
    void shouldWaitWhileAnotherFileIsInItsPlace() throws Exception {
        Files.delete(socket);
        Files.writeString(socket, "precious");
        clock.advance(CHECKED);
        await(() -> !logged.lines(Level.SEVERE).isEmpty());
        clock.advance(CHECKED);
        assertThat(socket).hasContent("precious");
        Files.delete(socket);
        checkUntilServed();
        assertThat(logged.lines(Level.SEVERE))
                .singleElement()
                .asString()
                .contains("media timeouts are lost", "not a socket");
    }

    @Test
    void shouldBindItsFileAgainAfterItsDirectoryWasLost() throws Exception {
        Path moved = directory.resolveSibling(directory.getFileName() + "-moved");
        Files.move(directory, moved);
        clock.advance(CHECKED);
        assertThat(threads()).isNotEmpty();
        Files.move(moved, directory);
        Files.delete(socket);
        checkUntilServed();
    }
}
