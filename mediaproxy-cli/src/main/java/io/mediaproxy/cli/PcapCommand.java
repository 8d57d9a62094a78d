package io.mediaproxy.cli;

import io.mediaproxy.cli.pcap.CaptureException;
import io.mediaproxy.cli.pcap.CaptureReplay;
import io.mediaproxy.cli.pcap.CaptureTotals;
import io.mediaproxy.sdp.IceCandidate;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mediaproxy pcap}: shows the calls of a capture as MediaProxy would have handled them. */
@Command(
        name = "pcap",
        header = "Show how MediaProxy handles the calls in a capture file.",
        description = {
            "",
            "Reads SIP over UDP from a pcap or pcapng file, follows each call from its first INVITE as "
                    + "engage_media_proxy does, and asks a dispatcher and relay in this process. Prints the messages "
                    + "of each call, the commands that the dispatcher received, and the edits of each SDP with their "
                    + "reasons; at the end the number of packets read and skipped.",
            "",
            "Time is that of the packets. The relay receives no media and times out no stream. Of a message that the "
                    + "capture has on several hops, the first copy counts; a refusal counts where it reaches the "
                    + "sender of the first INVITE.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the file was read, or the part before its damage; then one line on standard error names the place",
            "1:something failed; one line on standard error explains it",
            "2:bad input or usage: the file does not exist or is no capture file"
        })
final class PcapCommand implements Runnable {
    private static final String STANDARD_INPUT = "-";
    private static final int BUFFER = 256 * 1024;
    private static final int MAX_CALLS = 100_000;

    private final Console console;

    @Parameters(
            paramLabel = "FILE|-",
            description =
                    "The capture: Ethernet (VLAN, MPLS, PPPoE), Linux cooked, loopback or raw IP; IP in IP and GRE "
                            + "are read, too. - reads standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli, which demands it
    private String file;

    @Option(
            names = "--write",
            paramLabel = "OUT",
            description = "Write all packets, with the rewritten messages in place, in the format of FILE, "
                    + "also if a packet becomes longer than a network would carry.")
    private @Nullable Path write;

    @Option(
            names = "--relay",
            paramLabel = "ADDRESS",
            defaultValue = "192.0.2.1",
            converter = Addresses.Ipv4Converter.class,
            description =
                    "The IPv4 address of the relay in the output. Default: ${DEFAULT-VALUE}; its ports begin with "
                            + "16384.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String relay;

    @Option(
            names = "--ice-candidate",
            paramLabel = "none|low-priority|high-priority",
            converter = ModuleParameters.IceCandidateConverter.class,
            description = "The ICE candidate for the relay. Default: none.")
    private IceCandidate iceCandidate = IceCandidate.NONE;

    @Option(
            names = "--max-calls",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "The most calls that are followed at once; beyond that the idlest is given up. Each stream of an "
                            + "open call takes four UDP ports of this machine, enough for 4096 streams. Default: "
                            + "${DEFAULT-VALUE}.")
    private int maxCalls;

    @Option(names = "--show-command", description = "Print whole commands to the dispatcher; the JSON always has them.")
    private boolean showCommand;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else is called
    private CommandSpec spec;

    PcapCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (maxCalls < 1 || maxCalls > MAX_CALLS) {
            throw InvalidValue.of(spec, "--max-calls", maxCalls, "1 to " + MAX_CALLS);
        }
        Interruption interruption = Interruption.ofThisThread();
        try (InputStream in = open()) {
            replay(in);
        } catch (CaptureException e) {
            throw CommandException.badInput(name() + " cannot be read: " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw CommandException.failed("stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw CommandException.failed("interrupted, the rest of the capture was not read", e);
        } finally {
            interruption.over();
        }
    }

    private String name() {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }

    private InputStream open() {
        if (file.equals(STANDARD_INPUT)) {
            return new BufferedInputStream(console.in(), BUFFER);
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw CommandException.badInput(file + " cannot be read: it is a directory", null);
            }
            return new BufferedInputStream(Files.newInputStream(path), BUFFER);
        } catch (NoSuchFileException e) {
            throw CommandException.badInput("no such file: " + file, e);
        } catch (AccessDeniedException e) {
            throw CommandException.badInput(file + " cannot be read: permission denied", e);
        } catch (IOException | InvalidPathException e) {
            throw CommandException.badInput(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void replay(InputStream in) throws CaptureException, IOException, InterruptedException {
        CaptureReplay replay =
                new CaptureReplay(new CaptureReplay.Options(relay, iceCandidate, maxCalls, json, showCommand));
        PrintWriter out = spec.commandLine().getOut();
        long size = file.equals(STANDARD_INPUT) ? 0 : Files.size(Path.of(file));
        CaptureReplay.Watcher watcher = size > 0 && Progress.isForTerminal()
                ? new Progress(console.err(), size, System::nanoTime)
                : CaptureReplay.Watcher.NONE;
        try {
            replay.run(in, this::openOutput, out, watcher).damage().ifPresent(this::warn);
        } finally {
            watcher.clear();
        }
    }

    private @Nullable OutputStream openOutput() {
        if (write == null) {
            return null;
        }
        try {
            if (!file.equals(STANDARD_INPUT) && Files.exists(write) && Files.isSameFile(write, Path.of(file))) {
                throw CommandException.badInput(write + " is the capture itself and would be overwritten", null);
            }
            return new BufferedOutputStream(Files.newOutputStream(write), BUFFER);
        } catch (IOException e) {
            throw CommandException.badInput(write + " cannot be written: " + e, e);
        }
    }

    private void warn(CaptureTotals.Damage damage) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("mediaproxy: " + name() + " is damaged at byte " + damage.offset() + ": " + damage.what()
                + "; the output has what is before");
        err.flush();
    }
}
