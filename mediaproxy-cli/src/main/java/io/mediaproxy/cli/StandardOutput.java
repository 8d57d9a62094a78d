package io.mediaproxy.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * The standard output of the command. It knows whether its reader ended, as in {@code mediaproxy pcap FILE | head}:
 * that is no error of the command, but a print stream does not report why it failed. Not thread-safe.
 */
final class StandardOutput extends PrintStream {
    private final Pipe pipe;

    StandardOutput(OutputStream out, Charset charset) {
        this(new Pipe(out), charset);
    }

    private StandardOutput(Pipe pipe, Charset charset) {
        super(new BufferedOutputStream(pipe), false, charset);
        this.pipe = pipe;
    }

    boolean readerIsGone() {
        return pipe.readerIsGone;
    }

    private static final class Pipe extends FilterOutputStream {
        private boolean readerIsGone;

        Pipe(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                readerIsGone |= String.valueOf(e.getMessage()).contains("Broken pipe"); // the system's text for EPIPE
                throw e;
            }
        }
    }
}
