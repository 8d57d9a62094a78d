package io.mediaproxy.session;

import io.mediaproxy.session.sip.SipMessageView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records what a call's messages show of its two parties, for a server that has to end the call from outside. Not
 * thread-safe.
 */
final class DialogParties {
    /** Limits of what is kept of a party's messages. */
    private static final int MAX_ROUTES = 16;

    private static final int MAX_VALUE = 1024;

    private static final int MAX_RECORD_ROUTES = 4096;

    private final Party caller = new Party();
    private final Party callee = new Party();

    private static final class Party {
        /** Separates what is kept in one string, since each string takes 40 bytes: no header field has a line break. */
        private static final char SEPARATOR = '\n';

        /** Address, contact, and the Record-Routes as they came in, one to a line; empty before the party enters. */
        private String known = "";

        private long cseq;

        boolean isKnown() {
            return !known.isEmpty();
        }

        /** Fixes the route set (RFC 3261 12.1). */
        void enters(@Nullable String ownAddress, String ownTag, SipMessageView view) {
            String address = bounded(ownAddress);
            if (address.isEmpty()) {
                return;
            }
            String routes = String.join(String.valueOf(SEPARATOR), view.headers("Record-Route"));
            // A part of a route set is useless.
            known = address + SEPARATOR + SEPARATOR + (routes.length() > MAX_RECORD_ROUTES ? "" : routes);
            moves(ownTag, view);
        }

        /** The contact is that of the last INVITE or UPDATE, or of the response to it (RFC 3261 12.2). */
        void moves(String ownTag, SipMessageView view) {
            String contact = bounded(view.header("Contact"));
            if (!contact.isEmpty()
                    && isKnown()
                    && ownTag.equals(AddressHeader.parse(address()).tag())) {
                known = address() + SEPARATOR + contact + known.substring(endOfContact());
            }
        }

        private String address() {
            return known.substring(0, known.indexOf(SEPARATOR));
        }

        private int endOfContact() {
            return known.indexOf(SEPARATOR, known.indexOf(SEPARATOR) + 1);
        }

        /** The Record-Routes are split only here, when a call is ended. */
        Optional<DialogParty> asSeen() {
            if (!isKnown()) {
                return Optional.empty();
            }
            String contact = known.substring(known.indexOf(SEPARATOR) + 1, endOfContact());
            return Optional.of(new DialogParty(address(), contact, routes(known.substring(endOfContact() + 1)), cseq));
        }
    }

    Optional<DialogParty> caller() {
        return caller.asSeen();
    }

    Optional<DialogParty> callee() {
        return callee.asSeen();
    }

    void request(Side from, RelayedMessage message) {
        Party party = party(from);
        CallFields fields = message.fields();
        if (fields.hasCseqNumber() && !message.is(SipMethod.ACK) && !message.is(SipMethod.CANCEL)) {
            party.cseq = Math.max(party.cseq, fields.cseqNumber());
        }
        boolean begins = message.is(SipMethod.INVITE) && fields.to().tag().isEmpty();
        if (begins && from == Side.CALLER && !party.isKnown()) {
            party.enters(message.view().header("From"), fields.from().tag(), message.view());
        } else if (message.is(SipMethod.INVITE) || message.is(SipMethod.UPDATE)) {
            party.moves(fields.from().tag(), message.view());
        }
    }

    /** Handles a 2xx. Of several callees the first one that answered the INVITE counts. */
    void success(Side from, RelayedMessage message) {
        Party party = party(from);
        String toTag = message.fields().to().tag();
        boolean invite = message.is(SipMethod.INVITE);
        if (invite && from == Side.CALLEE && !party.isKnown()) {
            party.enters(message.view().header("To"), toTag, message.view());
        } else if (invite || message.is(SipMethod.UPDATE)) {
            party.moves(toTag, message.view());
        }
    }

    private Party party(Side side) {
        return side == Side.CALLER ? caller : callee;
    }

    private static String bounded(@Nullable String value) {
        return value == null || value.length() > MAX_VALUE || value.indexOf(Party.SEPARATOR) >= 0 ? "" : value;
    }

    private static List<String> routes(String recordRoutes) {
        List<String> routes = new ArrayList<>();
        recordRoutes.lines().forEach(line -> split(line, routes));
        return routes.size() > MAX_ROUTES ? List.of() : List.copyOf(routes);
    }

    /** Splits at the commas that are not within brackets or quotes (RFC 3261 7.3.1). */
    private static void split(String value, List<String> parts) {
        int start = 0;
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '<' || c == '>')) {
                bracketed = c == '<';
            } else if (c == ',' && !quoted && !bracketed) {
                add(value.substring(start, i), parts);
                start = i + 1;
            }
        }
        add(value.substring(start), parts);
    }

    private static void add(String part, List<String> parts) {
        if (!part.isBlank()) {
            parts.add(part.strip());
        }
    }
}
