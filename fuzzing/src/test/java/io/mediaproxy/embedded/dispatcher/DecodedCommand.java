package io.mediaproxy.embedded.dispatcher;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command as the embedded dispatcher reads it, with code that it does not share with the client.
 *
 * @param headers name to value, without those that have an empty value
 */
public record DecodedCommand(String name, Map<String, String> headers) {
    /** Reads the bytes of exactly one command. */
    public static DecodedCommand of(String text) {
        List<Command> commands = new ArrayList<>();
        boolean valid = new CommandReader(commands::add).read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        if (!valid || commands.size() != 1 || commands.get(0).defect() != null) {
            throw new AssertionError("not one command: " + text);
        }
        return new DecodedCommand(commands.get(0).name(), commands.get(0).headers());
    }
}
