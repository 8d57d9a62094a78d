package io.mediaproxy.benchmarks;

import io.mediaproxy.protocol.DispatcherReply;
import io.mediaproxy.protocol.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Reads a reply from a direct buffer, as the client does after it has read the socket. */
public class ReplyParseBenchmark extends SingleThreadBenchmark {
    @Param({"81.23.228.129 50000 50004", "removed", "error"})
    String line = "";

    private ByteBuffer bytes = ByteBuffer.allocateDirect(64);
    private Wire wire = new Wire();

    @Setup
    public void fill() {
        bytes.clear().put((line + "\r\n").getBytes(StandardCharsets.US_ASCII)).flip();
    }

    /** Reads the line. */
    @Benchmark
    public @Nullable DispatcherReply parse() {
        return wire.parse(bytes.rewind());
    }
}
