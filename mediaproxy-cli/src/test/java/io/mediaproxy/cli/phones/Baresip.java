package io.mediaproxy.cli.phones;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * A phone: baresip in another process, driven by its {@code ctrl_tcp} module. It speaks a tone from a file. Confined to
 * the test thread.
 */
public final class Baresip implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/baresip");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);
    private static final Duration EVENT_PATIENCE = Duration.ofSeconds(15);
    private static final Pattern PACKETS = Pattern.compile("packets: +(\\d+) +(\\d+)");
    private static final int RATE = 8000;
    private static final int TONE_SECONDS = 30;

    private final Path folder;
    private final Process process;
    private final InetSocketAddress sip;
    private final Socket control;
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

    private Baresip(Path folder, Process process, InetSocketAddress sip, Socket control) {
        this.folder = folder;
        this.process = process;
        this.sip = sip;
        this.control = control;
        Thread reader = new Thread(this::readEvents, "baresip-events");
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether the program is on this machine. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Where the modules are, which Debian keeps in a folder of the architecture on some of its releases. */
    private static Path modules() throws IOException {
        try (Stream<Path> found = Files.find(Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("g711.so"))) {
            return found.findFirst()
                    .orElseThrow(() -> new IOException("no module g711.so of baresip below /usr/lib"))
                    .getParent();
        }
    }

    /**
     * Starts a phone that answers each call.
     *
     * @param folder of its own
     * @param proxy that it sends each request to
     * @param account further parameters, such as {@code ;medianat=ice}
     */
    public static Baresip start(Path folder, String user, InetSocketAddress proxy, String account)
            throws IOException, InterruptedException {
        InetAddress address = proxy.getAddress();
        String host = address.getHostAddress();
        int sipPort = freeSipPort(address);
        int controlPort = freeTcpPort();
        Path tone = folder.resolve("tone.wav");
        writeTone(tone);
        Files.writeString(
                folder.resolve("config"),
                String.join(
                                "\n",
                                List.of(
                                        "poll_method epoll",
                                        "sip_listen " + host + ":" + sipPort,
                                        "audio_source aufile," + tone,
                                        "audio_player aubridge,player",
                                        "audio_alert aubridge,alert",
                                        "ausrc_srate " + RATE,
                                        "auplay_srate " + RATE,
                                        "ausrc_channels 1",
                                        "auplay_channels 1",
                                        "net_interface lo",
                                        "rtp_stats yes",
                                        "module_path " + modules(),
                                        "module g711.so",
                                        "module aufile.so",
                                        "module aubridge.so",
                                        "module srtp.so",
                                        "module dtls_srtp.so",
                                        "module ice.so",
                                        "module_app account.so",
                                        "module_app contact.so",
                                        "module_app menu.so",
                                        "module_app ctrl_tcp.so",
                                        "ctrl_tcp_listen 127.0.0.1:" + controlPort))
                        + "\n");
        Files.writeString(
                folder.resolve("accounts"),
                "<sip:" + user + "@" + host + ":" + sipPort + ">;regint=0;answermode=auto;outbound=\"sip:" + host + ":"
                        + proxy.getPort() + ";lr\"" + account + "\n");
        Files.writeString(folder.resolve("contacts"), "");
        Process process = new ProcessBuilder(PROGRAM.toString(), "-f", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Socket control = connect(controlPort, process, folder);
            return new Baresip(folder, process, new InetSocketAddress(address, sipPort), control);
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Calls another phone; its INVITE goes to the proxy. */
    public void call(String user, Baresip other) throws IOException {
        command("dial", "sip:" + user + "@" + other.sip.getAddress().getHostAddress() + ":" + other.sip.getPort());
    }

    /** Sends a command of the menu, such as {@code hold}, {@code resume} or {@code hangup}. */
    public void command(String name, String parameters) throws IOException {
        byte[] json = JSON.writeValueAsBytes(Map.of("command", name, "params", parameters));
        byte[] length = (json.length + ":").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer netstring = ByteBuffer.allocate(length.length + json.length + 1);
        control.getOutputStream()
                .write(netstring.put(length).put(json).put((byte) ',').array());
    }

    /** Waits for the next event of a type; earlier ones are dropped. */
    public JsonNode await(String type) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + EVENT_PATIENCE.toNanos();
        while (true) {
            JsonNode event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("no " + type + " came to " + sip + "; its log:\n" + log());
            }
            if (event.path("type").asText().equals(type)) {
                return event;
            }
        }
    }

    /**
     * Ends the phone. Returns the RTP packets that it received in its last call, which it prints at the end of a call.
     */
    public int quit() throws IOException, InterruptedException {
        process.toHandle().destroy(); // it flushes its output
        if (!process.waitFor(EVENT_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the phone does not end; its log:\n" + log());
        }
        Matcher packets = PACKETS.matcher(log());
        int heard = -1;
        while (packets.find()) {
            heard = Integer.parseInt(packets.group(2));
        }
        return heard;
    }

    /** Without the progress that it prints between carriage returns. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("log"), StandardCharsets.ISO_8859_1)
                .replaceAll("[^\n]*\r", "")
                .replaceAll("\n{2,}", "\n");
    }

    private void readEvents() {
        try {
            DataInputStream in = new DataInputStream(control.getInputStream());
            while (true) {
                JsonNode event = JSON.readTree(netstring(in));
                if (event.path("event").asBoolean()) {
                    events.add(event);
                }
            }
        } catch (IOException e) {
            // The phone ended. A test that waits for an event fails with the phone's log.
            events.clear();
        }
    }

    private static byte[] netstring(DataInputStream in) throws IOException {
        int length = 0;
        for (int digit = in.read(); digit != ':'; digit = in.read()) {
            if (digit < 0) {
                throw new EOFException();
            }
            length = length * 10 + digit - '0';
        }
        byte[] bytes = in.readNBytes(length);
        in.readByte(); // the comma
        return bytes;
    }

    private static Socket connect(int port, Process process, Path folder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0 || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new IOException("baresip does not start: " + Files.readString(folder.resolve("log")), e);
                }
            }
        }
    }

    /** A port for UDP; baresip listens on it and, for TLS, on the next one. */
    private static int freeSipPort(InetAddress address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return socket.getLocalPort();
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A file, since baresip's generator of tones has a rate that PCMU does not have. */
    private static void writeTone(Path file) throws IOException {
        ByteBuffer samples =
                ByteBuffer.allocate(RATE * TONE_SECONDS * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < RATE * TONE_SECONDS; i++) {
            samples.putShort((short) (8000 * Math.sin(2 * Math.PI * 440 * i / RATE)));
        }
        AudioFormat format = new AudioFormat(RATE, Short.SIZE, 1, true, false);
        AudioSystem.write(
                new AudioInputStream(new ByteArrayInputStream(samples.array()), format, (long) RATE * TONE_SECONDS),
                AudioFileFormat.Type.WAVE,
                file.toFile());
    }

    @Override
    public void close() throws IOException {
        control.close();
        process.destroyForcibly();
    }
}
