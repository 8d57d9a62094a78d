package io.mediaproxy.examples.jainsip;

import io.mediaproxy.examples.SipServer;
import io.mediaproxy.protocol.log.Log;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.concurrent.CompletableFuture;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.message.Response;

/**
 * Base of both examples on JAIN-SIP: logs a message that cannot be handled, and sends 408 upstream if downstream stays
 * silent. Thread-safe.
 */
public abstract class ExampleServer implements SipListener, SipServer {
    private static final Log LOG = Log.of(ExampleServer.class);

    private final ExampleStack sip;

    protected ExampleServer(ExampleStack sip) {
        this.sip = sip;
    }

    protected final ExampleStack sip() {
        return sip;
    }

    /** Handles one request. */
    protected abstract void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException;

    /** Handles one response. */
    protected abstract void onResponse(ResponseEvent event)
            throws SipException, InvalidArgumentException, ParseException;

    @Override
    public final void processRequest(RequestEvent event) {
        attempt(() -> onRequest(event), "a request");
    }

    @Override
    public final void processResponse(ResponseEvent event) {
        attempt(() -> onResponse(event), "a response");
    }

    @Override
    public final void processTimeout(TimeoutEvent event) {
        Forwarding silent = event.isServerTransaction() ? null : Forwarding.of(event.getClientTransaction());
        if (silent != null && silent.isOpen()) {
            attempt(() -> silent.refuse(Response.REQUEST_TIMEOUT), "a timeout");
        }
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        LOG.debug("the next hop of a message cannot be reached");
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        // The state of a transaction is attached to it and goes with it.
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        // A proxy has no dialogs.
    }

    /** An action on the stack, with the exceptions that JAIN-SIP throws. */
    @FunctionalInterface
    protected interface Attempt {
        void run() throws SipException, InvalidArgumentException, ParseException;
    }

    protected final void attempt(Attempt attempt, String event) {
        try {
            attempt.run();
        } catch (SipException | InvalidArgumentException | ParseException e) {
            if (sip.isClosed()) {
                LOG.debug("cannot handle {} after the end of the stack", event);
            } else {
                sip.failures().add("cannot handle " + event, e);
            }
        }
    }

    @Override
    public final CompletableFuture<Void> broken() {
        return sip.failures().broken();
    }

    @Override
    public final InetSocketAddress address() {
        return sip.address();
    }

    @Override
    public final void close() {
        sip.close();
    }
}
