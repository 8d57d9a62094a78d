package io.mediaproxy.cli;

import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads and writes bytes as they are; text goes through picocli's writers to the same places. */
record Console(InputStream in, PrintStream out, PrintStream err) {
    /** @throws CommandException if the bytes do not arrive, as in a pipe that nobody reads any more */
    void write(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        if (out.checkError()) { // flushes
            throw CommandException.failed("standard output does not take " + bytes.length + " bytes", null);
        }
    }
}
