package io.mediaproxy.embedded.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.embedded.Commands;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandReaderTest {
    private final List<Command> commands = new ArrayList<>();
    private final CommandReader reader = new CommandReader(commands::add);

    private boolean read(String text) {
        return reader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldReadCommandsSplitAtAnyByte() {
        byte[] bytes =
                ("\r\n" + Commands.offer("ça☎") + "\r\n\r\n" + Commands.remove("c")).getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= Math.min(bytes.length, first + 3); second++) {
                List<Command> read = new ArrayList<>();
                CommandReader splitReader = new CommandReader(read::add);
                assertThat(splitReader.read(ByteBuffer.wrap(bytes, 0, first))).isTrue();
                assertThat(splitReader.read(ByteBuffer.wrap(bytes, first, second - first)))
                        .isTrue();
                assertThat(splitReader.read(ByteBuffer.wrap(bytes, second, bytes.length - second)))
                        .isTrue();
                assertThat(read).extracting(Command::name).containsExactly("update", "remove");
                assertThat(read.get(0).callId()).isEqualTo("ça☎");
                assertThat(read.get(0).header("from_uri")).isEqualTo("alice@a");
            }
        }
    }

    @Test
    void shouldTreatLoneCrAndLfAsData() {
        assertThat(read("remove\r\ncall_id: a\nb\rc\r\r\n\r\n")).isTrue();

        assertThat(commands.get(0).callId()).isEqualTo("a\nb\rc\r");
    }

    @Test
    void shouldDropLinesThatEndInColonAndSpace() {
        assertThat(read("update\r\ncall_id: c\r\nto_tag: \r\nuser_agent: Foo: \r\nx: y:\r\n\r\n"))
                .isTrue();

        assertThat(commands.get(0).headers()).containsOnlyKeys("call_id", "x");
        assertThat(commands.get(0).defect()).isNull();
    }

    @Test
    void shouldSplitAtTheFirstSeparatorAndUseTheLastDuplicate() {
        assertThat(read("update\r\ncall_id: a: b\r\nx: 1\r\nx: 2\r\n\r\n")).isTrue();

        assertThat(commands.get(0).callId()).isEqualTo("a: b");
        assertThat(commands.get(0).header("x")).isEqualTo("2");
    }

    @Test
    void shouldMarkDefectiveCommands() {
        assertThat(read("update\r\ncall_id:c\r\n\r\nupdate\r\nx: y\r\n\r\n")).isTrue();

        assertThat(commands).extracting(Command::defect).doesNotContainNull();
    }

    @Test
    void shouldRefuseALineThatIsTooLong() {
        String longest = "x".repeat(LineReader.MAX_LINE);
        assertThat(read(longest + "\r\n\r\n")).isTrue();
        assertThat(commands).hasSize(1);

        assertThat(read(longest)).isTrue();
        assertThat(read("x")).isFalse();
    }

    @Test
    void shouldReadCommandsBeforeALineThatIsTooLong() {
        assertThat(read(Commands.remove("c") + "x".repeat(LineReader.MAX_LINE + 1) + "\r\n"))
                .isFalse();
        assertThat(commands).hasSize(1);
    }

    @Test
    void shouldRefuseInvalidUtf8() {
        for (byte[] bytes : new byte[][] {
            {(byte) 0xff},
            {(byte) 0xc0, (byte) 0xaf},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xe2, (byte) 0x82}
        }) {
            CommandReader strict = new CommandReader(commands::add);
            ByteBuffer line =
                    ByteBuffer.allocate(16).put(bytes).put((byte) '\r').put((byte) '\n');
            assertThat(strict.read(line.flip())).isFalse();
        }
    }

    @Test
    void shouldRefuseARequestWithoutEnd() {
        String header = "x: " + "y".repeat(16_000) + "\r\n";
        int lines = 0;
        while (read(header)) {
            lines++;
            assertThat(lines).isLessThan(CommandReader.MAX_REQUEST / 16_000 + 1);
        }
        assertThat(lines).isGreaterThan(100);
    }
}
