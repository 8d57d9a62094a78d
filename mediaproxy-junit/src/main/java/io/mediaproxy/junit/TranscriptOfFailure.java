package io.mediaproxy.junit;

/** Shows in the report of a failed test which commands came. */
final class TranscriptOfFailure extends Exception {
    private static final long serialVersionUID = 1L;

    TranscriptOfFailure(Transcript transcript) {
        super("the commands until then:\n" + transcript, null, false, false);
    }
}
