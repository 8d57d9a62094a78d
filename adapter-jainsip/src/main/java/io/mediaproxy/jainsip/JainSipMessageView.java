package io.mediaproxy.jainsip;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.sip.header.CSeqHeader;
import javax.sip.header.Header;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/** A message of JAIN-SIP, read only through {@code javax.sip}. Not thread-safe. */
final class JainSipMessageView implements SipMessageView {
    private static final byte[] NO_BODY = {};

    private final Message message;
    private final String sourceAddress;
    /** The stack's own array, which is only read. */
    private final byte[] body;

    JainSipMessageView(Message message, String sourceAddress) {
        this.message = message;
        this.sourceAddress = sourceAddress;
        byte[] content = message.getRawContent();
        this.body = content == null ? NO_BODY : content;
    }

    @Override
    public boolean isRequest() {
        return message instanceof Request;
    }

    @Override
    public int statusCode() {
        return message instanceof Response response ? response.getStatusCode() : 0;
    }

    @Override
    public String method() {
        if (message instanceof Request request) {
            return request.getMethod();
        }
        return message.getHeader(CSeqHeader.NAME) instanceof CSeqHeader cseq ? cseq.getMethod() : "";
    }

    @Override
    public @Nullable String header(String name) {
        Header header = message.getHeader(name);
        return header == null ? null : value(header);
    }

    @Override
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (Iterator<?> all = message.getHeaders(name); all.hasNext(); ) {
            values.add(value((Header) all.next()));
        }
        return values;
    }

    private static String value(Header header) {
        String field = header.toString(); // "Name: value CR LF", unfolded by the stack
        return field.substring(field.indexOf(':') + 1).strip();
    }

    @Override
    public byte[] bodyArray() {
        return body;
    }

    @Override
    public String sourceAddress() {
        return sourceAddress;
    }
}
