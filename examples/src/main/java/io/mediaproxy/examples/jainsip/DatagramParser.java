package io.mediaproxy.examples.jainsip;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.MessageParserFactory;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import java.text.ParseException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * JAIN-SIP's parser, with the rules of RFC 3261 for datagrams that it lacks:
 *
 * <ul>
 *   <li>18.3: a body without a Content-Length reaches to the end of the datagram. Bytes after a body with one are left
 *       out. A datagram with too few bytes, or with two Content-Lengths that differ, is no message; the stack responds
 *       to such a request with a 400.
 *   <li>18.2.1: the stack adds {@code received} to the Via of a request. It would believe one that the sender wrote,
 *       and send the responses there; this parser removes it.
 * </ul>
 *
 * <p>The stack creates it by its name, in the properties:
 *
 * <pre>{@code
 * gov.nist.javax.sip.MESSAGE_PARSER_FACTORY=io.mediaproxy.examples.jainsip.DatagramParser
 * }</pre>
 *
 * <p>Messages over TCP and TLS are parsed as before. Thread-safe.
 */
public final class DatagramParser extends StringMsgParser implements MessageParserFactory {
    @Override
    public MessageParser createMessageParser(SIPTransactionStack stack) {
        return this;
    }

    /**
     * Parses one message.
     *
     * @param readBody false for the head of a message from a stream
     * @param listener null unless the bytes come from the network
     * @throws ParseException if they are not one message
     */
    @Override
    public SIPMessage parseSIPMessage(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
            throws ParseException {
        boolean datagram = readBody && listener != null && !isKeepAlive(bytes);
        SIPMessage message = super.parseSIPMessage(datagram ? withLength(bytes) : bytes, readBody, strict, listener);
        if (datagram && message instanceof SIPRequest && message.getTopmostVia() != null) {
            message.getTopmostVia().removeParameter(Via.RECEIVED);
        }
        return message;
    }

    /** Returns the message with a Content-Length, and nothing after its body. */
    private static byte[] withLength(byte[] datagram) throws ParseException {
        try {
            RawSipMessage message = RawSipMessage.parse(datagram, "");
            int start = message.bodyOffset();
            int end = start + message.bodyLength();
            if (message.header("Content-Length") == null) {
                return message.withBody(Arrays.copyOfRange(datagram, start, end));
            }
            return end == datagram.length ? datagram : Arrays.copyOf(datagram, end);
        } catch (SipSyntaxException e) {
            ParseException wrong = new ParseException(e.getMessage(), e.offset());
            wrong.initCause(e);
            throw wrong;
        }
    }

    /** Whether it has line ends only, or nothing (RFC 5626 4.4.1). */
    private static boolean isKeepAlive(byte[] datagram) {
        for (byte b : datagram) {
            if (b != '\r' && b != '\n' && b != 0) {
                return false;
            }
        }
        return true;
    }
}
