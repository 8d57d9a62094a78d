package io.mediaproxy.embedded.dispatcher;

/** Requests to the SIP server to end the dialog of a call whose media stopped. Thread-safe. */
interface BackChannel {
    /** Sends no request. */
    BackChannel NONE = new BackChannel() {
        @Override
        public boolean endDialog(String dialogId) {
            return true;
        }

        @Override
        public int unanswered() {
            return 0;
        }

        @Override
        public void settle() {
            // There are no answers.
        }

        @Override
        public void expireNow() {
            // No request waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /**
     * Sends one request and does not wait for the answer.
     *
     * @param dialogId of the dialog to end
     * @return false if the SIP server does not listen
     */
    boolean endDialog(String dialogId);

    /** The number of requests that wait for an answer. */
    int unanswered();

    /** Returns when all answers that arrived are read. */
    void settle();

    /** Drops at once the requests that have waited too long by the clock. */
    void expireNow();

    /** Closes the socket and removes its file. */
    void close();
}
