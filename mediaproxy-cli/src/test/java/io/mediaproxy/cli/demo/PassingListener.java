package io.mediaproxy.cli.demo;

import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;

/** Passes every event on; to be overridden for those that a test is about. */
class PassingListener implements SipListener {
    private final SipListener delegate;

    PassingListener(SipListener delegate) {
        this.delegate = delegate;
    }

    @Override
    public void processRequest(RequestEvent event) {
        delegate.processRequest(event);
    }

    @Override
    public void processResponse(ResponseEvent event) {
        delegate.processResponse(event);
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        delegate.processTimeout(event);
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        delegate.processIOException(event);
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        delegate.processTransactionTerminated(event);
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        delegate.processDialogTerminated(event);
    }
}
