package io.mediaproxy.embedded.dispatcher;

/** The way back to the SIP server, which is asked to end the dialog of a call whose media stopped. */
interface BackChannel {
    /** No SIP server wants to hear of it. */
    BackChannel NONE = new BackChannel() {
        @Override
        public boolean endDialog(String callId, String dialogId) {
            return true;
        }

        @Override
        public int unanswered() {
            return 0;
        }

        @Override
        public void settle() {
            // No answer can come.
        }

        @Override
        public void expireNow() {
            // Nothing is waited for.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /**
     * Asks once, and does not wait for the answer.
     *
     * @param callId for the log
     * @return false: nobody listens
     */
    boolean endDialog(String callId, String dialogId);

    /** Requests that are waited for. */
    int unanswered();

    /** Returns when all answers that arrived are read. */
    void settle();

    /** Gives up at once what has waited too long by the clock. */
    void expireNow();

    void close();
}
