package io.mediaproxy.embedded.relay;

import java.net.Inet4Address;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Settings of a relay.
 *
 * @param bindAddress local address of all ports
 * @param advertisedAddress IPv4 address in replies to clients
 * @param ports UDP ports to use
 * @param streamTimeout how long a stream lives without media
 * @param holdTimeout how long a stream on hold lives without media
 * @param clock nanoseconds, as {@link System#nanoTime}
 */
public record RelaySettings(
        Inet4Address bindAddress,
        String advertisedAddress,
        PortRange ports,
        Duration streamTimeout,
        Duration holdTimeout,
        LongSupplier clock) {}
