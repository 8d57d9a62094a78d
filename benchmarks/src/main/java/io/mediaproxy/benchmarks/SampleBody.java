package io.mediaproxy.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The bodies of real calls that everything is measured on, by name. */
public final class SampleBody {
    private SampleBody() {}

    /**
     * Reads a sample.
     *
     * @param name such as {@code audio-video}
     * @throws IllegalArgumentException if there is none of that name
     */
    public static byte[] named(String name) {
        try (InputStream in = SampleBody.class.getResourceAsStream("/samples/" + name + ".sdp")) {
            if (in == null) {
                throw new IllegalArgumentException("no sample is named \"" + name + "\"");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the sample " + name, e);
        }
    }
}
