package io.mediaproxy.examples.jainsip;

import gov.nist.javax.sip.EventScanner;
import gov.nist.javax.sip.EventWrapper;
import io.mediaproxy.examples.Failures;
import java.util.concurrent.Semaphore;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Between the stack's event thread and a server's listener. The failure of one event, also by an Error, costs that
 * event and not the thread. And the messages that wait for the event thread are bounded: the stack's queue has no
 * limit, so after each message the stack's other thread puts a marker into it, and waits if too many markers are there.
 * Thread-safe.
 */
final class EventGate implements SipListener {
    /** Few, so that messages wait before the stack parses them, where their age is known. */
    static final int MAX_WAITING = 32;

    private final Failures failures;
    private final EventScanner scanner;
    private final IOExceptionEvent marker;
    private final Semaphore room = new Semaphore(MAX_WAITING);
    private volatile @Nullable SipListener listener;

    EventGate(EventScanner scanner, Failures failures) {
        this.scanner = scanner;
        this.failures = failures;
        this.marker = new IOExceptionEvent(this, "", 0, "udp");
    }

    /** Opens the gate, after it is the stack's listener. */
    void open(SipListener newListener) {
        listener = newListener;
    }

    /** Waits until the event thread has handled all but the last messages; called after each message. */
    void messageQueued() throws InterruptedException {
        if (listener != null) {
            room.acquire();
            scanner.addEvent(new EventWrapper(marker, null));
        }
    }

    /** Wakes the event thread, which looks whether the stack was stopped only between two events. */
    void wake() {
        scanner.addEvent(new EventWrapper(new IOExceptionEvent(scanner, "", 0, "udp"), null));
    }

    private interface Delivery {
        void to(SipListener listener);
    }

    private void deliver(Delivery delivery) {
        SipListener open = listener;
        if (open == null) {
            return;
        }
        try {
            delivery.to(open);
        } catch (Throwable e) { // one event's failure costs that event
            failures.add("an event of the stack was not handled", e);
        }
    }

    @Override
    public void processRequest(RequestEvent event) {
        deliver(to -> to.processRequest(event));
    }

    @Override
    public void processResponse(ResponseEvent event) {
        deliver(to -> to.processResponse(event));
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        deliver(to -> to.processTimeout(event));
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        if (event == marker) {
            room.release();
        } else if (event.getSource() != scanner) {
            deliver(to -> to.processIOException(event));
        }
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        deliver(to -> to.processTransactionTerminated(event));
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        deliver(to -> to.processDialogTerminated(event));
    }
}
