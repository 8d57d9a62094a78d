package io.mediaproxy.cli.demo;

/**
 * A sine tone as PCMU (ITU-T G.711 mu-law, 8000 samples a second) in frames of 20 ms.
 *
 * <p>The frequency is a multiple of 50 Hz, so that a frame holds whole periods: every frame of a tone is the same, and
 * one frame is enough to identify the sender.
 *
 * @param hertz 50 to 3950, a multiple of 50
 */
record Tone(int hertz) {
    static final int SAMPLES_PER_SECOND = 8000;
    static final int FRAME_MILLIS = 20;
    static final int FRAME_SAMPLES = SAMPLES_PER_SECOND * FRAME_MILLIS / 1000;

    private static final int STEP_HERTZ = 1000 / FRAME_MILLIS;
    private static final double AMPLITUDE = 8000;

    // G.711 mu-law: a sign, three bits of exponent and four of mantissa of the biased magnitude, all inverted.
    private static final int BIAS = 0x84;
    private static final int LARGEST_MAGNITUDE = 0x7FFF - BIAS;

    Tone {
        if (hertz < STEP_HERTZ || hertz >= SAMPLES_PER_SECOND / 2 || hertz % STEP_HERTZ != 0) {
            throw new IllegalArgumentException(
                    "a tone has 50 to 3950 Hz in steps of 50, so that a 20 ms frame holds whole periods: " + hertz);
        }
    }

    /** One frame of the tone: {@value #FRAME_SAMPLES} bytes, in a new array. */
    byte[] frame() {
        byte[] frame = new byte[FRAME_SAMPLES];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = muLaw((int) Math.round(AMPLITUDE * Math.sin(2 * Math.PI * hertz * i / SAMPLES_PER_SECOND)));
        }
        return frame;
    }

    static byte muLaw(int sample) {
        int magnitude = Math.min(Math.abs(sample), LARGEST_MAGNITUDE) + BIAS;
        int exponent = Math.max(0, 31 - Integer.numberOfLeadingZeros(magnitude) - 7);
        int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        int sign = sample < 0 ? 0x80 : 0;
        return (byte) ~(sign | exponent << 4 | mantissa);
    }
}
