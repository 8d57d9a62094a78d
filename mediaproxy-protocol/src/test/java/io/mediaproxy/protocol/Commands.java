package io.mediaproxy.protocol;

import java.util.Arrays;
import java.util.List;

/** Commands of a plain call. */
final class Commands {
    private Commands() {}

    static UpdateCommand update(String callId) {
        return update(callId, "1");
    }

    static UpdateCommand update(String callId, String cseq) {
        return new UpdateCommand(
                UpdateCommand.Type.REQUEST,
                "",
                callId,
                cseq,
                "alice@atlanta.example.com",
                "bob@biloxi.example.com",
                "9fxced76sl",
                "",
                "Lynx/1.0",
                "127.0.0.1",
                "",
                List.of(new MediaStream("audio", "10.0.0.1", 49170, "sendrecv", false)));
    }

    static byte[] encode(UpdateCommand command) {
        byte[] bytes = new byte[CommandEncoder.MAX_COMMAND_BYTES];
        return Arrays.copyOf(bytes, CommandEncoder.encode(command, bytes));
    }

    static byte[] encode(RemoveCommand command) {
        byte[] bytes = new byte[CommandEncoder.MAX_COMMAND_BYTES];
        return Arrays.copyOf(bytes, CommandEncoder.encode(command, bytes));
    }

    static RemoveCommand remove(String callId) {
        return new RemoveCommand(callId, "9fxced76sl", "8321234356");
    }
}
