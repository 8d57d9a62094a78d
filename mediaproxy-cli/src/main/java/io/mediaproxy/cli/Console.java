package io.mediaproxy.cli;

import java.io.InputStream;
import java.io.PrintStream;

/** The streams for raw bytes; text goes through picocli's writers to the same streams. */
record Console(InputStream in, StandardOutput out, PrintStream err) {}
