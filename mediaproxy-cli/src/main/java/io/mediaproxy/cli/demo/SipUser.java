package io.mediaproxy.cli.demo;

import java.text.ParseException;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.TimeoutEvent;

/**
 * The transaction user above a {@link SipEndpoint}: a phone or a proxy (RFC 3261 5).
 *
 * <p>Called on the endpoint's one event thread and must not block it; the messages of an engaged call may come on other threads, one
 * after another.
 */
interface SipUser {
    void onRequest(RequestEvent event) throws SipException, InvalidArgumentException, ParseException;

    void onResponse(ResponseEvent event) throws SipException, InvalidArgumentException, ParseException;

    /** A transaction had no answer in time. */
    void onTimeout(TimeoutEvent event) throws SipException, InvalidArgumentException, ParseException;
}
