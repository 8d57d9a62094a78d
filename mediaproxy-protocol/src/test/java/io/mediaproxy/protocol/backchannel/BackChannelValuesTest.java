package io.mediaproxy.protocol.backchannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackChannelValuesTest {
    @Test
    void shouldListenOnTheDefaultSocketOfTheDispatcher() {
        BackChannelConfig defaults = BackChannelConfig.defaults();

        assertThat(defaults.socket()).isEqualTo(Path.of("/run/opensips/socket"));
        assertThat(defaults.permissions()).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        assertThat(defaults.queueCapacity()).isEqualTo(1024);
        assertThat(defaults.threadName()).isEqualTo("mediaproxy-back-channel");
    }

    @Test
    void shouldRefuseValuesOutOfRange() {
        Path longest = Path.of("/" + "s".repeat(106));
        assertThat(BackChannelConfig.builder(longest).build().socket()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> BackChannelConfig.builder(Path.of(longest + "s")).build())
                .withMessageStartingWith("socket path must have 1 to 107 bytes, not 108: /sss");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackChannelConfig.builder(Path.of("")).build())
                .withMessageStartingWith("socket path must have 1 to 107 bytes, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        BackChannelConfig.builder(longest).queueCapacity(0).build())
                .withMessage("queueCapacity must be at least 1, not 0");
    }

    @Test
    void shouldCopyThePermissions() {
        Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_WRITE);
        BackChannelConfig config = BackChannelConfig.builder(Path.of("/s"))
                .permissions(permissions)
                .build();

        permissions.add(PosixFilePermission.OTHERS_WRITE);

        assertThat(config.permissions()).containsExactly(PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void shouldCreateRandomDialogIdsThatFitTheWire() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String id = DialogId.next();
            assertThat(id).matches("[A-Za-z0-9_-]{22}");
            assertThat(update(id).dialogId()).isEqualTo(id);
            ids.add(id);
        }
        assertThat(ids).hasSize(1_000);
        for (int position = 0; position < 21; position++) { // only two bits of the last character are random
            int at = position;
            assertThat(ids.stream().map(id -> id.charAt(at)).distinct()).hasSizeGreaterThan(50);
        }
    }

    private static UpdateCommand update(String dialogId) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .dialogId(dialogId)
                .callId("call")
                .cseq("1")
                .fromUri("alice@atlanta.example")
                .toUri("bob@biloxi.example")
                .fromTag("tag")
                .userAgent("phone")
                .signalingIp("192.0.2.1")
                .media(List.<MediaStream>of())
                .build();
    }
}
