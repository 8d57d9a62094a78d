package io.mediaproxy.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.mediaproxy.protocol.log.Excerpt;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The parties of a call as the dispatcher knows them (header {@code signaling_ip}, the module's
 * {@code signaling_ip_avp}). Addresses choose a relay; the user name appears in the statistics of the session.
 *
 * <pre>{@code
 * Signaling.from("192.0.2.1").to("198.51.100.2").username("alice@example.com")
 * }</pre>
 *
 * <p>The relay reads these values only when it creates a session: later ones of the same call have no effect.
 *
 * <p>Thread-safe.
 *
 * @param sourceIp the IP address of the party that sent the message
 * @param destinationIp the IP address to which the message goes; null if unknown
 * @param username the account that makes the call; null if unknown
 */
public record Signaling(
        String sourceIp,
        @Nullable String destinationIp,
        @Nullable String username) {
    /** ASCII only, so that no reader takes a character of a user name for a line end. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final String IPV6_CHARS = "0123456789abcdefABCDEF:.";
    private static final int MAX_IP_CHARS = 45; // ::ffff: and an IPv4 address, all in full

    /**
     * Checks the values.
     *
     * @throws CommandRefusedException if an address is not an IPv4 or IPv6 literal, or if all together are longer than
     *     the {@value UpdateCommand#MAX_SIGNALING_IP_BYTES} bytes that the header may have
     */
    public Signaling {
        checkIp("source_ip", sourceIp);
        if (destinationIp != null) {
            checkIp("destination_ip", destinationIp);
        }
        SignalingIp.checked(encoded(sourceIp, destinationIp, username), UpdateCommand.MAX_SIGNALING_IP_BYTES);
    }

    /**
     * Returns the signaling of a party at an address.
     *
     * @param ip IPv4 or IPv6, as text
     * @return without destination and user name
     * @throws CommandRefusedException if it is not an IP address
     */
    public static Signaling from(String ip) {
        return new Signaling(ip, null, null);
    }

    /**
     * Returns the same with another destination.
     *
     * @param ip the address to which the message goes, IPv4 or IPv6
     * @return a copy
     * @throws CommandRefusedException if it is not an IP address
     */
    public Signaling to(String ip) {
        return new Signaling(sourceIp, ip, username);
    }

    /**
     * Returns the same with another user name.
     *
     * @param account any text, such as {@code alice@example.com}
     * @return a copy
     * @throws CommandRefusedException if the header would be too long
     */
    public Signaling username(String account) {
        return new Signaling(sourceIp, destinationIp, account);
    }

    /**
     * Returns the value of the header.
     *
     * @return the address, or a JSON object if there is more than that
     */
    public String headerValue() {
        return encoded(sourceIp, destinationIp, username);
    }

    private static String encoded(String sourceIp, @Nullable String destinationIp, @Nullable String username) {
        if (destinationIp == null && username == null) {
            return sourceIp;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("signaling_ip", sourceIp);
            if (destinationIp != null) {
                json.writeStringField("destination_ip", destinationIp);
            }
            if (username != null) {
                json.writeStringField("username", username);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot occur for a string
        }
        return text.toString();
    }

    private static void checkIp(String field, String ip) {
        if (!Ipv4.isLiteral(ip) && !isIpv6(ip)) {
            throw new CommandRefusedException(field, Excerpt.of(ip), "an IPv4 or IPv6 address");
        }
    }

    /** Looks at the characters only: what matters is that it cannot be JSON, or two addresses. */
    private static boolean isIpv6(String ip) {
        for (int i = 0; i < ip.length(); i++) {
            if (IPV6_CHARS.indexOf(ip.charAt(i)) < 0) {
                return false;
            }
        }
        return ip.indexOf(':') != ip.lastIndexOf(':') && ip.length() <= MAX_IP_CHARS;
    }
}
