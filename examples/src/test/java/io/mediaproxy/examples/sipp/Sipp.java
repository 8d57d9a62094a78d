package io.mediaproxy.examples.sipp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running sipp: the process, the log of its scenario, and its figures. Closing it ends the process. Thread-safe. */
public final class Sipp implements AutoCloseable {
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();
    private static final Pattern MEDIA = Pattern.compile("media ([0-9]+) ([0-9.]+) ([0-9]+)");
    private static final Pattern TIME = Pattern.compile("[0-9.]+");
    private static final Pattern COLUMN_SEPARATOR = Pattern.compile(";");
    private static final String MESSAGE_TIMEOUT_MILLIS = "40000";
    /** The default is room for the messages of 30 ms at 500 calls a second; more are lost if the system is busy. */
    private static final String SOCKET_BUFFER = Integer.toString(2 << 20);

    private static final String STATISTICS_SECONDS = "1";
    private static final Set<String> SUMMARY = Set.of("CallRate(C)", "SuccessfulCall(C)", "Retransmissions(C)");
    private static final int CALLS_AT_ONCE = 1000;
    /** Long enough for the system to refuse a packet to the same machine. */
    private static final int REFUSAL_MILLIS = 200;

    /** Receives the address to which one party of a call sends its media, from the SDP that it received. */
    public interface MediaListener {
        void media(int call, InetSocketAddress destination);
    }

    private final String scenario;
    private final Process process;
    private final InetSocketAddress address;
    private final GrowingFile statistics;
    private final GrowingFile answerTimes;
    private final Path errors;
    // The first line of the statistics and the last one. Guarded by this object.
    private List<String> names = List.of();
    private List<String> values = List.of();

    private Sipp(
            String scenario,
            Path directory,
            int calls,
            int callsAtOnce,
            MediaListener listener,
            int port,
            String... more)
            throws IOException {
        this.scenario = scenario;
        address = new InetSocketAddress(LOOPBACK, port);
        Path statisticsFile = directory.resolve(scenario + ".csv");
        statistics = new GrowingFile(statisticsFile);
        errors = directory.resolve(scenario + ".log");
        List<String> command = new ArrayList<>(
                List.of("sipp", "-sf", scenarioFile(scenario, directory).toString()));
        command.addAll(List.of("-i", LOOPBACK, "-p", Integer.toString(address.getPort())));
        command.addAll(List.of("-buff_size", SOCKET_BUFFER));
        command.addAll(List.of("-m", Integer.toString(calls), "-nostdin"));
        // As a phone: it ignores unexpected messages, and the call fails if the expected one does not arrive.
        command.addAll(List.of("-default_behaviors", "all,-abortunexp", "-recv_timeout", MESSAGE_TIMEOUT_MILLIS));
        command.addAll(List.of("-trace_logs", "-log_file", "/dev/stderr"));
        command.addAll(List.of("-trace_err", "-error_file", errors.toString()));
        command.addAll(List.of("-trace_stat", "-stf", statisticsFile.toString(), "-fd", STATISTICS_SECONDS));
        command.addAll(List.of("-l", Integer.toString(callsAtOnce)));
        command.addAll(List.of(more));
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException("sipp is not installed (Debian: apt-get install sip-tester)", e);
        }
        answerTimes = new GrowingFile(directory.resolve(scenario + "_" + process.pid() + "_rtt.csv"));
        read(process.getErrorStream(), line -> {
            Matcher media = MEDIA.matcher(line);
            if (media.matches()) {
                listener.media(
                        Integer.parseInt(media.group(1)),
                        new InetSocketAddress(media.group(2), Integer.parseInt(media.group(3))));
            }
        });
    }

    /** Copies the scenario to a file, because it may be in a jar. */
    private static Path scenarioFile(String scenario, Path directory) throws IOException {
        Path file = directory.resolve(scenario + ".xml");
        try (InputStream stored = Sipp.class.getResourceAsStream("/sipp/" + scenario + ".xml")) {
            Files.write(file, Objects.requireNonNull(stored, scenario).readAllBytes());
        }
        return file;
    }

    /** Starts a sipp that waits for calls. Returns when it listens. */
    public static Sipp callee(Path directory, int calls, MediaListener listener) throws IOException {
        return callee(directory, calls, listener, freePort());
    }

    /** As {@link #callee(Path, int, MediaListener)}, on this port. */
    public static Sipp callee(Path directory, int calls, MediaListener listener, int port) throws IOException {
        Sipp sipp = new Sipp("callee", directory, calls, CALLS_AT_ONCE, listener, port);
        try {
            sipp.awaitSocket();
        } catch (IOException | RuntimeException e) {
            sipp.close();
            throw e;
        }
        return sipp;
    }

    /** A keep-alive (RFC 5626 4.4.1), which sipp ignores, is refused by the system as long as there is no socket. */
    private void awaitSocket() throws IOException {
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(address);
            probe.setSoTimeout(REFUSAL_MILLIS);
            byte[] keepAlive = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            while (process.isAlive()) {
                probe.send(new DatagramPacket(keepAlive, keepAlive.length));
                if (!isRefused(probe)) {
                    return;
                }
            }
        }
        throw new IOException("sipp did not start: " + complaints());
    }

    private static boolean isRefused(DatagramSocket probe) throws IOException {
        try {
            probe.receive(new DatagramPacket(new byte[1], 1));
            return false;
        } catch (PortUnreachableException e) {
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** Calls the user {@code service} at a server. */
    public static Sipp caller(
            Path directory, int calls, int callsPerSecond, InetSocketAddress server, MediaListener listener)
            throws IOException {
        return caller(directory, calls, callsPerSecond, CALLS_AT_ONCE, server, listener);
    }

    /** The same, with a maximum of calls at once: a small one would never overload a slow server. */
    public static Sipp caller(
            Path directory,
            int calls,
            int callsPerSecond,
            int callsAtOnce,
            InetSocketAddress server,
            MediaListener listener)
            throws IOException {
        return new Sipp(
                "caller",
                directory,
                calls,
                callsAtOnce,
                listener,
                freePort(),
                "-trace_rtt",
                "-rtt_freq",
                "1",
                "-r",
                Integer.toString(callsPerSecond),
                LOOPBACK + ":" + server.getPort());
    }

    public InetSocketAddress address() {
        return address;
    }

    /**
     * Waits for its end, at most this long.
     *
     * @return its exit code: 0 if no call failed
     */
    public int exitCode(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the " + scenario + " is still busy after " + seconds + " s\n" + complaints());
        }
        return process.exitValue();
    }

    /** Whether it ends within this time. */
    public boolean endsWithin(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    /** A figure since the start, such as {@code FailedCall(C)}, as of a second ago at most. */
    public double figure(String column) throws IOException {
        return Double.parseDouble(figures().getOrDefault(column, "NaN"));
    }

    private synchronized Map<String, String> figures() throws IOException {
        List<String> lines = statistics.newLines();
        if (!lines.isEmpty()) {
            if (names.isEmpty()) {
                names = columns(lines.get(0));
            }
            values = columns(lines.get(lines.size() - 1));
        }
        Map<String, String> figures = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
            figures.put(names.get(i), values.get(i));
        }
        return figures;
    }

    private static List<String> columns(String line) {
        return COLUMN_SEPARATOR.splitAsStream(line).toList();
    }

    /** The times from INVITE to 200 of its calls since the last time, in milliseconds. */
    public synchronized double[] newAnswerMillis() throws IOException {
        return answerTimes.newLines().stream()
                .map(Sipp::columns)
                .filter(columns -> TIME.matcher(columns.get(1)).matches()) // all but the names of the columns
                .mapToDouble(columns -> Double.parseDouble(columns.get(1)))
                .toArray();
    }

    /** For people: the figures of its calls. */
    public String summary() throws IOException {
        StringBuilder summary = new StringBuilder(scenario);
        figures().forEach((name, value) -> {
            boolean failure = name.startsWith("Failed") && name.endsWith("(C)") && !value.equals("0");
            if (failure || SUMMARY.contains(name)) {
                summary.append(' ').append(name).append(' ').append(value);
            }
        });
        return summary.toString();
    }

    /** The beginning of sipp's error log. */
    public String complaints() {
        try {
            String all = Files.exists(errors) ? Files.readString(errors) : "";
            return all.substring(0, Math.min(all.length(), 4000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            return socket.getLocalPort();
        }
    }

    private void read(InputStream stream, Consumer<String> each) {
        Thread reader = new Thread(
                () -> new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                        .lines()
                        .forEach(each),
                "sipp-" + scenario);
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
