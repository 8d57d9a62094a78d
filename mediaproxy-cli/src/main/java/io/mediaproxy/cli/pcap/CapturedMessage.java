package io.mediaproxy.cli.pcap;

import io.mediaproxy.session.sip.RawSipMessage;

/**
 * A SIP message of the capture.
 *
 * @param packet number of the packet that it was complete with
 * @param nanos when that came
 * @param label the message in a few words
 */
record CapturedMessage(
        long packet, long nanos, Endpoint source, Endpoint destination, RawSipMessage sip, String label) {}
