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
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId(callId)
                .cseq(cseq)
                .fromUri("alice@atlanta.example.com")
                .toUri("bob@biloxi.example.com")
                .fromTag("9fxced76sl")
                .userAgent("Lynx/1.0")
                .signalingIp("127.0.0.1")
                .media(List.of(new MediaStream("audio", "10.0.0.1", 49170, "sendrecv", false)))
                .build();
    }

    static UpdateCommand answer(String callId) {
        return UpdateCommand.builder(UpdateCommand.Type.REPLY)
                .callId(callId)
                .cseq("1")
                .fromTag("9fxced76sl")
                .toTag("8321234356")
                .signalingIp("127.0.0.1")
                .build();
    }

    static byte[] encode(DispatcherCommand command) {
        byte[] bytes = new byte[CommandEncoder.MAX_COMMAND_BYTES];
        return Arrays.copyOf(bytes, CommandEncoder.encode(command, bytes));
    }

    static RemoveCommand remove(String callId) {
        return new RemoveCommand(callId, "9fxced76sl", "8321234356");
    }
}
