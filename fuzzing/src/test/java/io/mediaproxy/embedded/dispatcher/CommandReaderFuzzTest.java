package io.mediaproxy.embedded.dispatcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mediaproxy.conformance.ConformanceVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads commands in the embedded dispatcher, split at every byte. */
class CommandReaderFuzzTest {
    /** Splits of longer input would take a time that grows with the square of its length. */
    private static final int MAX_SPLITS = 300;

    static Stream<byte[]> commands() {
        return ConformanceVector.all().stream()
                .map(vector -> vector.expect().command())
                .filter(Objects::nonNull)
                .distinct()
                .limit(40)
                .map(command -> command.getBytes(UTF_8));
    }

    @MethodSource("commands")
    @FuzzTest
    void shouldReadTheSameAtEverySplit(byte[] input) {
        List<Command> expected = new ArrayList<>();
        boolean valid = read(input, input.length, expected);
        for (Command command : expected) {
            assertThat(command.text()).endsWith("\r\n\r\n").contains(command.name());
            assertThat(command.headers().keySet()).noneMatch(name -> name.contains(": "));
            assertThat(command.defect() != null || command.headers().containsKey("call_id"))
                    .isTrue();
        }
        for (int split = 0; split < Math.min(input.length, MAX_SPLITS); split++) {
            List<Command> commands = new ArrayList<>();
            assertThat(read(input, split, commands)).isEqualTo(valid);
            if (!commands.equals(expected)) {
                assertThat(commands).isEqualTo(expected);
            }
        }
    }

    private static boolean read(byte[] input, int split, List<Command> commands) {
        CommandReader reader = new CommandReader(commands::add);
        return reader.read(ByteBuffer.wrap(input, 0, split))
                && reader.read(ByteBuffer.wrap(input, split, input.length - split));
    }
}
