package io.mediaproxy.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** Addresses on the command line: only literals, no DNS lookups. */
final class Addresses {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private Addresses() {}

    /** {@code address:port}. */
    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ':' + address.getPort();
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Whether the text is an IPv4 or IPv6 literal. */
    static boolean isIp(String text) {
        if (isIpv4(text)) {
            return true;
        }
        try {
            // A text with a colon is parsed as a literal or refused, never looked up.
            return IPV6_CHARACTERS.matcher(text).matches() && InetAddress.getByName(text) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** An IPv4 literal, as text. */
    static final class Ipv4Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!isIpv4(value)) {
                throw InvalidValue.expected("an IPv4 address such as 192.0.2.1");
            }
            return value;
        }
    }

    /** An IPv4 or IPv6 literal, as text. */
    static final class IpConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!isIp(value)) {
                throw InvalidValue.expected("an IP address such as 192.0.2.1");
            }
            return value;
        }
    }

    /** An IPv4 address and a port, as in {@code 192.0.2.1:5060}; port 0 is allowed. */
    static final class SocketConverter implements ITypeConverter<InetSocketAddress> {
        private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
        private static final int MAX_PORT = 65_535;

        @Override
        public InetSocketAddress convert(String value) throws UnknownHostException {
            int colon = value.lastIndexOf(':');
            String port = value.substring(colon + 1);
            if (colon < 0
                    || !isIpv4(value.substring(0, colon))
                    || !PORT.matcher(port).matches()
                    || Integer.parseInt(port) > MAX_PORT) {
                throw InvalidValue.expected("an IPv4 address and port such as 192.0.2.1:5060");
            }
            return new InetSocketAddress(
                    new BindConverter().convert(value.substring(0, colon)), Integer.parseInt(port));
        }
    }

    /** An IPv4 address that others can send to. */
    static final class BindConverter implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String value) throws UnknownHostException {
            InetAddress address = InetAddress.getByName(new Ipv4Converter().convert(value));
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw InvalidValue.expected("an address of this machine that others can send to");
            }
            return address;
        }
    }
}
