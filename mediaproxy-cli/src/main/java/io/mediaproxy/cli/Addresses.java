package io.mediaproxy.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses on the command line: literals only, nothing is ever looked up in DNS. */
final class Addresses {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

    private Addresses() {}

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** IPv4 or IPv6. */
    static boolean isIp(String text) {
        if (isIpv4(text)) {
            return true;
        }
        try {
            // With a colon in it a text is taken for a literal or refused, never looked up.
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
                throw new TypeConversionException("an IPv4 address such as 192.0.2.1 is wanted, not \"" + value + "\"");
            }
            return value;
        }
    }

    /** An IPv4 or IPv6 literal, as text. */
    static final class IpConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!isIp(value)) {
                throw new TypeConversionException("an IP address such as 192.0.2.1 is wanted, not \"" + value + "\"");
            }
            return value;
        }
    }

    /** An IPv4 address that others can send to. */
    static final class BindConverter implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String value) throws UnknownHostException {
            InetAddress address = InetAddress.getByName(new Ipv4Converter().convert(value));
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw new TypeConversionException(
                        "an address of this machine that others can send to is wanted, not \"" + value + "\"");
            }
            return address;
        }
    }
}
