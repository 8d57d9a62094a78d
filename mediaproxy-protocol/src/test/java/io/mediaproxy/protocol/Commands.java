package io.mediaproxy.protocol;

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

    static RemoveCommand remove(String callId) {
        return new RemoveCommand(callId, "9fxced76sl", "8321234356");
    }
}
