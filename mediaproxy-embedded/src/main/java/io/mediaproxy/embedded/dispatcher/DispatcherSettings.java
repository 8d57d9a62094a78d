package io.mediaproxy.embedded.dispatcher;

import io.mediaproxy.embedded.report.ReceivedCommand;
import io.mediaproxy.embedded.report.SessionListener;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a dispatcher.
 *
 * @param socket where to listen; null for a file in a new temporary directory
 * @param backlog most connections that wait to be accepted
 * @param openSipsSocket datagram socket of the SIP server; null to end no dialogs
 * @param clock nanoseconds, as {@link System#nanoTime}
 * @param random decides the order of relays for a new call, and the ids of datagrams
 * @param sessionListener called for each session that ended
 * @param commandListener called for each command before it is executed
 */
public record DispatcherSettings(
        @Nullable Path socket,
        int backlog,
        @Nullable Path openSipsSocket,
        LongSupplier clock,
        Random random,
        SessionListener sessionListener,
        Consumer<ReceivedCommand> commandListener) {}
