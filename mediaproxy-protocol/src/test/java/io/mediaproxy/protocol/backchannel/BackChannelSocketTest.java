package io.mediaproxy.protocol.backchannel;

import static io.mediaproxy.protocol.backchannel.RequestSender.endDialog;
import static io.mediaproxy.protocol.backchannel.RequestSender.error;
import static io.mediaproxy.protocol.backchannel.RequestSender.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mediaproxy.protocol.backchannel.BackChannelException.Reason;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The socket file and the threads of a back channel, from opening to closing. */
class BackChannelSocketTest extends BackChannelFixture {
    @Test
    void shouldGrantAccessToOwnerAndGroup() throws Exception {
        BackChannel channel = open();

        assertThat(channel.socket()).isEqualTo(socket);
        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    }

    @Test
    void shouldSetTheConfiguredPermissions() throws Exception {
        open(config().permissions(PosixFilePermissions.fromString("rwx-w--w-")), dialogId -> Optional.empty());

        assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rwx-w--w-"));
    }

    @Test
    void shouldReplaceASocketFileWithoutAListener() throws Exception {
        bindAndAbandon(socket);

        open();

        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(error("\"1\"", 404, "unknown dialog"));
    }

    @Test
    void shouldRefuseThePathOfALiveSocket() throws Exception {
        open();
        known.add("d");

        assertThat(refusal().reason()).isEqualTo(Reason.IN_USE);
        assertThat(refusal())
                .hasMessage("cannot listen on " + socket + ": another socket is bound there")
                .extracting(BackChannelException::socket)
                .isEqualTo(socket);

        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(ok("1"));
    }

    @Test
    void shouldRefuseThePathOfALiveStreamSocket() throws Exception {
        try (ServerSocketChannel streams = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            streams.bind(UnixDomainSocketAddress.of(socket));

            assertThat(refusal().reason()).isEqualTo(Reason.IN_USE);
            assertThat(socket).exists();
        }
    }

    @Test
    void shouldNotTouchAFileThatIsNotASocket() throws Exception {
        Files.writeString(socket, "precious");
        assertThat(refusal().reason()).isEqualTo(Reason.NOT_A_SOCKET);
        assertThat(socket).hasContent("precious");

        Files.delete(socket);
        Path target = directory.resolve("target");
        bindAndAbandon(target);
        Files.createSymbolicLink(socket, target);
        assertThat(refusal().reason()).isEqualTo(Reason.NOT_A_SOCKET);
        assertThat(Files.isSymbolicLink(socket)).isTrue();

        Files.delete(socket);
        Files.createDirectory(socket);
        assertThat(refusal().reason()).isEqualTo(Reason.NOT_A_SOCKET);
        assertThat(socket).isDirectory();
    }

    @Test
    void shouldReportAMissingDirectory() {
        BackChannelConfig.Builder nowhere = BackChannelConfig.builder(directory.resolve("no/socket"));

        BackChannelException refused = catchThrowableOfType(
                BackChannelException.class, () -> BackChannel.open(nowhere.build(), dialogId -> Optional.empty()));

        assertThat(refused.reason()).isEqualTo(Reason.REFUSED);
        assertThat(refused).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void shouldRemoveItsFileAndEndItsThreads() throws Exception {
        BackChannel channel = open();
        known.add("d");
        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(ok("1"));
        assertThat(nextEnded()).isEqualTo("d");
        List<Thread> threads = threads();
        assertThat(threads).hasSize(3).allMatch(Thread::isDaemon);

        channel.close();
        channel.close();

        assertThat(Files.exists(socket, LinkOption.NOFOLLOW_LINKS)).isFalse();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        open();
        assertThat(dispatcher.ask(endDialog("2", "d"))).isEqualTo(ok("2"));
    }

    @Test
    void shouldCloseAtOnceWithoutAnyRequest() {
        BackChannel channel = open();

        channel.close();

        assertThat(socket).doesNotExist();
        assertThat(threads()).isEmpty();
    }

    @Test
    void shouldNotRemoveAFileThatWasReplaced() throws Exception {
        BackChannel channel = open();
        Files.move(socket, directory.resolve("moved"));
        Files.writeString(socket, "precious");

        channel.close();

        assertThat(socket).hasContent("precious");
    }

    @Test
    void shouldCloseAfterItsFileWasRemoved() throws Exception {
        BackChannel channel = open();
        Files.delete(socket);

        channel.close();

        assertThat(threads()).isEmpty();
    }

    @Test
    void shouldEndAnsweredDialogsAfterClosing() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BackChannel channel = open(
                config(),
                dialogId -> Optional.of(() -> {
                    await(release);
                    ended.add(dialogId);
                }));
        assertThat(dispatcher.ask(endDialog("1", "running"))).isEqualTo(ok("1"));
        assertThat(dispatcher.ask(endDialog("2", "waiting"))).isEqualTo(ok("2"));

        channel.close();
        assertThat(socket).doesNotExist();
        assertThat(ended).isEmpty();
        release.countDown();

        assertThat(nextEnded()).isEqualTo("running");
        assertThat(nextEnded()).isEqualTo("waiting");
    }

    @Test
    void shouldAnswerRequestsThatWereReadBeforeClosing() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        BackChannel channel = open(config().queueCapacity(1), dialogId -> {
            started.countDown();
            await(release);
            return Optional.of(() -> ended.add(dialogId));
        });
        dispatcher.send(endDialog("1", "first"));
        await(started);
        dispatcher.send(endDialog("2", "second"));
        assertThat(dispatcher.ask(endDialog("3", "third"))).contains("503"); // proves that the second was read
        Thread closer = new Thread(channel::close, directory.getFileName() + "-closer");
        closer.start();
        release.countDown();

        assertThat(dispatcher.receive()).isEqualTo(ok("1"));
        assertThat(dispatcher.receive()).isEqualTo(ok("2"));
        assertThat(nextEnded()).isEqualTo("first");
        assertThat(nextEnded()).isEqualTo("second");
        closer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(closer.isAlive()).isFalse();
    }

    @Test
    void shouldCloseFromItsOwnThreads() throws Exception {
        CompletableFuture<BackChannel> channel = new CompletableFuture<>();
        channel.complete(open(config(), dialogId -> {
            channel.join().close();
            return Optional.of(() -> {
                channel.join().close();
                ended.add(dialogId);
            });
        }));

        assertThat(dispatcher.ask(endDialog("1", "d"))).isEqualTo(ok("1"));

        assertThat(nextEnded()).isEqualTo("d");
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldKeepTheInterruptOfTheCaller() throws Exception {
        BackChannel channel = open();
        List<Thread> threads = threads();
        Thread.currentThread().interrupt();

        channel.close();

        assertThat(Thread.interrupted()).isTrue();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void shouldTakeOverWhileAPredecessorCloses() throws Exception {
        for (int restart = 0; restart < 100; restart++) {
            BackChannel predecessor = BackChannel.open(config().build(), dialogId -> Optional.empty());
            CompletableFuture<Void> closing = CompletableFuture.runAsync(predecessor::close);
            openOnceFree().close();
            closing.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Tries again only while the predecessor is bound. */
    private BackChannel openOnceFree() {
        while (true) {
            try {
                return BackChannel.open(config().build(), dialogId -> Optional.empty());
            } catch (BackChannelException e) {
                if (e.reason() != Reason.IN_USE) {
                    throw e;
                }
            }
        }
    }

    private BackChannelException refusal() {
        return catchThrowableOfType(
                BackChannelException.class, () -> BackChannel.open(config().build(), dialogId -> Optional.empty()));
    }

    /** Creates the socket file of a killed process. */
    private static void bindAndAbandon(Path path) throws IOException {
        try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
            channel.bind(AFUNIXSocketAddress.of(path));
        }
        assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
}
