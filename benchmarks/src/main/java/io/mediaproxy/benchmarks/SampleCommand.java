package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.MediaStream;
import io.mediaproxy.protocol.UpdateCommand;
import java.util.List;

/** The commands of a call with sound and picture, as long as those of real calls are. */
public final class SampleCommand {
    private SampleCommand() {}

    /** What goes out for the call's offer. */
    public static UpdateCommand update(String callId) {
        return UpdateCommand.builder(UpdateCommand.Type.REQUEST)
                .callId(callId)
                .cseq("1")
                .fromUri("alice@atlanta.example.com")
                .toUri("bob@biloxi.example.com")
                .fromTag("9fxced76sl")
                .userAgent("Example Phone/1.2.3")
                .signalingIp("192.0.2.10")
                .media(List.of(
                        new MediaStream("audio", "192.0.2.10", 49170, "sendrecv", false),
                        new MediaStream("video", "192.0.2.10", 51372, "sendrecv", false)))
                .build();
    }
}
