package io.mediaproxy.cli;

import io.mediaproxy.examples.stateless.Routing;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/** Addresses on the command line. A host name is looked up once, when the command starts. */
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

    /**
     * An address and a port, as in {@code 192.0.2.1:5060} or {@code sip.example.com}; without a port that of SIP, and
     * port 0 is allowed.
     */
    static final class SocketConverter implements ITypeConverter<InetSocketAddress> {
        private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
        private static final int MAX_PORT = 65_535;

        @Override
        public InetSocketAddress convert(String value) {
            int colon = value.lastIndexOf(':');
            String port = colon < 0 ? Integer.toString(Routing.DEFAULT_PORT) : value.substring(colon + 1);
            if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MAX_PORT) {
                throw InvalidValue.expected("an address and a port such as 192.0.2.1:5060");
            }
            InetAddress host = new HostConverter().convert(colon < 0 ? value : value.substring(0, colon));
            return new InetSocketAddress(host, Integer.parseInt(port));
        }
    }

    /** An IPv4 literal, or a name that is looked up once. */
    static final class HostConverter implements ITypeConverter<InetAddress> {
        /** Without a letter it would be a number, which the JDK takes for an address. */
        private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");

        @Override
        public InetAddress convert(String value) {
            if (!isIpv4(value) && !NAME.matcher(value).matches()) {
                throw InvalidValue.expected("an IPv4 address or a host name");
            }
            try {
                for (InetAddress address : InetAddress.getAllByName(value)) {
                    if (address instanceof Inet4Address) {
                        return address;
                    }
                }
                throw InvalidValue.expected("a host with an IPv4 address");
            } catch (UnknownHostException e) {
                throw InvalidValue.expected("a host name that can be resolved");
            }
        }
    }

    /** An IPv4 address that others can send to. */
    static final class ReachableConverter implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String value) {
            InetAddress address = new HostConverter().convert(value);
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw InvalidValue.expected("an address that others can send to");
            }
            return address;
        }
    }
}
