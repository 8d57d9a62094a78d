package io.mediaproxy.jainsip.example;

import io.mediaproxy.embedded.EmbeddedDispatcher;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.session.MediaProxy;
import java.nio.file.Path;
import java.text.ParseException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both examples do alike: a message that cannot be handled is logged, silence downstream is 408 upstream. */
abstract class ExampleServer implements SipListener {
    private static final Logger log = LoggerFactory.getLogger(ExampleServer.class);

    final ExampleStack sip;

    ExampleServer(ExampleStack sip) {
        this.sip = sip;
    }

    /** The relay at a dispatcher's socket, or for {@code embedded} one in this JVM. */
    static JainSipMediaProxy media(String dispatcher) {
        Path socket = dispatcher.equals("embedded") ? EmbeddedDispatcher.start().socket() : Path.of(dispatcher);
        return new JainSipMediaProxy(
                MediaProxy.builder().dispatcherSocket(socket).build());
    }

    abstract void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException;

    abstract void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException;

    @Override
    public final void processRequest(RequestEvent event) {
        attempt(() -> onRequest(event), event.getRequest().getMethod());
    }

    @Override
    public final void processResponse(ResponseEvent event) {
        attempt(() -> onResponse(event), event.getResponse().getReasonPhrase());
    }

    @Override
    public final void processTimeout(TimeoutEvent event) {
        Forwarding silent = event.isServerTransaction() ? null : Forwarding.of(event.getClientTransaction());
        if (silent != null && silent.isOpen()) {
            attempt(() -> silent.refuse(Response.REQUEST_TIMEOUT), "timeout");
        }
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        log.warn("{}:{} cannot be reached", event.getHost(), event.getPort());
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        // What there is to know of a transaction goes with it.
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        // A proxy has no dialogs.
    }

    interface Attempt {
        void run() throws SipException, InvalidArgumentException, ParseException;
    }

    static void attempt(Attempt attempt, String what) {
        try {
            attempt.run();
        } catch (SipException | InvalidArgumentException | ParseException e) {
            log.warn("{} could not be handled", what, e);
        }
    }
}
