package io.mediaproxy.protocol.backchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Warnings and errors that name the command to run. */
class BackChannelAdviceTest {
    private static final Path SOCKET = Path.of("/run/opensips/socket");

    private static Access access(String owner, String group, String mode) {
        return new Access(owner, group, PosixFilePermissions.fromString(mode));
    }

    @Test
    void shouldNameTheCommandThatLengthensTheQueueOfTheKernel() {
        assertThat(KernelQueue.warning(128)).isEmpty();
        assertThat(KernelQueue.warning(127))
                .get()
                .asString()
                .contains("keeps 127 ", "sysctl -w net.unix.max_dgram_qlen=512");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldReadTheLengthOfTheQueueFromTheKernel() throws IOException {
        String length =
                Files.readString(Path.of("/proc/sys/net/unix/max_dgram_qlen")).strip();

        assertThat(KernelQueue.warning()).isEqualTo(KernelQueue.warning(Integer.parseInt(length)));
    }

    @ParameterizedTest
    @CsvSource({
        // dispatcher's user and group, mode of the socket of opensips:opensips, can it write?
        "root, root, rw-------, true",
        "opensips, other, rw-------, true",
        "opensips, other, r--rw-rw-, false",
        "mediaproxy, mediaproxy, rw-rw----, false",
        "mediaproxy, mediaproxy, rw-rw-rw-, true",
        "mediaproxy, opensips, rw-rw----, true",
        "mediaproxy, opensips, rw-r--rw-, false",
        "member, mediaproxy, rw-rw----, true",
        "membership, mediaproxy, rw-rw----, false"
    })
    void shouldDetectADispatcherThatCannotWrite(String user, String group, String mode, boolean writes) {
        List<String> groups = List.of("wheel:x:10:mediaproxy", "opensips:x:20:a,member", "broken");

        assertThat(access("opensips", "opensips", mode)
                        .advice(SOCKET, access(user, group, "rw-------"), groups)
                        .isEmpty())
                .isEqualTo(writes);
    }

    @Test
    void shouldNameTheCommandThatLetsTheDispatcherWrite() {
        Optional<String> advice = access("opensips", "sip", "rw-rw----")
                .advice(SOCKET, access("mediaproxy", "media", "rw-rw----"), List.of());

        assertThat(advice)
                .hasValue("the dispatcher (user mediaproxy, group media) cannot write to /run/opensips/socket"
                        + " (owner opensips, group sip, mode rw-rw----), and drops its relay at each media timeout:"
                        + " run 'usermod -aG sip mediaproxy' and restart the dispatcher, or configure"
                        + " permissions that include it");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFindNoFaultWithADispatcherOfTheSameUser(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(Access.advice(file, file)).isEmpty();
        assertThat(Access.ofThisProcess())
                .get()
                .extracting(Access::owner)
                .isEqualTo(Access.of(file).owner());
    }

    @Test
    void shouldNameTheCommandThatCreatesTheDirectory(@TempDir Path directory) {
        Path parent = directory.resolve("opensips");

        assertThatThrownBy(() -> BackChannel.open(
                        BackChannelConfig.builder(parent.resolve("socket")).build(), dialogId -> Optional.empty()))
                .isInstanceOf(BackChannelException.class)
                .hasMessageContaining("the directory " + parent + " does not exist")
                .hasMessageContaining("install -d -m 0750 -o " + System.getProperty("user.name"))
                .hasMessageContaining("'d " + parent + " 0750 ")
                .hasMessageContaining("/etc/tmpfiles.d");
    }

    @Test
    void shouldExplainAnyOtherRefusal(@TempDir Path directory) {
        assertThat(RefusedBind.explain(directory.resolve("socket"), new IOException("no luck")))
                .isEqualTo("the system refused: no luck");
    }

    @Test
    void shouldAnswerIfTheEndOfADialogCannotBeQueued() {
        assertThat(end(new OutOfMemoryError("thrown by a test"))).isEqualTo(RpcError.INTERNAL_ERROR);
        assertThat(end(new IllegalStateException("thrown by a test"))).isEqualTo(RpcError.INTERNAL_ERROR);
        assertThat(end(new RejectedExecutionException("thrown by a test"))).isEqualTo(RpcError.TOO_BUSY);
    }

    private static @Nullable RpcError end(Throwable failure) {
        DialogEnding dialogs = new DialogEnding(dialogId -> Optional.of(() -> {}), work -> throwUnchecked(failure));
        return dialogs.end("d");
    }

    private static void throwUnchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }
}
