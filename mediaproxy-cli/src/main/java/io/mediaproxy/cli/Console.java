package io.mediaproxy.cli;

import java.io.InputStream;
import java.io.PrintStream;

/** Where a command reads and writes bytes as they are; text goes through picocli's writers to the same places. */
record Console(InputStream in, PrintStream out, PrintStream err) {}
