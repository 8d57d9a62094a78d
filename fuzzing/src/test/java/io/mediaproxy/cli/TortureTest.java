package io.mediaproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gov.nist.javax.sip.message.SIPMessage;
import io.mediaproxy.examples.jainsip.DatagramParser;
import io.mediaproxy.examples.stateless.Forwarding;
import io.mediaproxy.examples.stateless.ListenAddress;
import io.mediaproxy.examples.stateless.Routing;
import io.mediaproxy.examples.stateless.StatelessForwarding;
import io.mediaproxy.fuzzing.CheckedDispatcher;
import io.mediaproxy.jainsip.JainSipMediaProxy;
import io.mediaproxy.pkts.PktsMediaProxy;
import io.mediaproxy.pkts.PktsResult;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.session.sip.RawSipMessage;
import io.mediaproxy.session.sip.SipSyntaxException;
import io.pkts.packet.sip.SipParseException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** Takes the messages of RFC 4475 through every reader of messages, and compares the results with a table. */
class TortureTest {
    private static final Path ROOT = Path.of(System.getProperty("mediaproxy.root"));
    private static final Path TABLE = ROOT.resolve("docs/torture.md");
    private static final Path MESSAGES = ROOT.resolve("fuzzing/src/test/resources/torture");
    private static final String HEAD = "| message | `RawSipMessage` | `use_media_proxy` | JAIN-SIP | pkts | `explain` |"
            + " `pcap` | `proxy` |\n|---|---|---|---|---|---|---|---|\n";
    private static final int MESSAGES_OF_THE_RFC = 49;

    private final DatagramParser parser = new DatagramParser();
    private final JainSipMediaProxy jainSip = new JainSipMediaProxy(CheckedDispatcher.mediaProxy());
    private final PktsMediaProxy pkts = new PktsMediaProxy(CheckedDispatcher.mediaProxy());
    private final StatelessForwarding proxy = new StatelessForwarding(new Routing(
            ListenAddress.at(new InetSocketAddress("192.0.2.1", 5060)), new InetSocketAddress("203.0.113.9", 5070)));

    @Test
    @Timeout(120)
    void shouldTreatEveryMessageAsTheTableHasIt() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(MESSAGES)) {
            files = all.filter(file -> file.toString().endsWith(".sip"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSize(MESSAGES_OF_THE_RFC);
        StringBuilder table = new StringBuilder(HEAD);
        for (Path file : files) {
            table.append(row(file.getFileName().toString().replace(".sip", ""), Files.readAllBytes(file)));
        }
        String document = Files.readString(TABLE);
        assertThat(document.substring(Math.max(0, document.indexOf(HEAD)))).isEqualTo(table.toString());
    }

    private String row(String name, byte[] message) throws IOException {
        byte[] bytes = message.clone();
        String row = "| "
                + String.join(
                        " | ", name, raw(bytes), jainSip(bytes), pkts(bytes), explain(bytes), pcap(bytes), proxy(bytes))
                + " |\n";
        assertThat(bytes).as(name).isEqualTo(message);
        return row;
    }

    private static String raw(byte[] bytes) {
        RawSipMessage message;
        try {
            message = RawSipMessage.parse(bytes, CheckedDispatcher.SOURCE);
        } catch (SipSyntaxException e) {
            return "no: " + String.valueOf(e.getMessage()).replaceAll(" \\(line.*", "") + " | -";
        }
        MediaProxyResult result = CheckedDispatcher.mediaProxy().useMediaProxy(message);
        CheckedDispatcher.checkedCommands();
        result.body().ifPresent(body -> assertThat(body(message.withBody(body))).isEqualTo(body));
        String kind = message.isRequest() ? message.method() : message.statusCode() + " " + message.method();
        return code(kind) + " | " + outcome(result);
    }

    private static String outcome(MediaProxyResult result) {
        String outcome = result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return result.outcome() == Outcome.FAILED ? "failed: " + code(result.reason()) : outcome;
    }

    private static String code(String text) {
        return '`' + text.replace('`', '\'').replace("|", "\\|") + '`';
    }

    private static byte[] body(byte[] bytes) {
        RawSipMessage message = RawSipMessage.parse(bytes, "");
        int start = message.bodyOffset();
        return Arrays.copyOfRange(bytes, start, start + message.bodyLength());
    }

    private String jainSip(byte[] bytes) {
        SIPMessage message;
        try {
            message = parser.parseSIPMessage(bytes.clone(), true, false, (e, sip, type, header, text) -> {
                throw e;
            });
        } catch (ParseException e) {
            return "not read";
        }
        byte[] before = message.encodeAsBytes("udp");
        MediaProxyResult result = jainSip.useMediaProxy(message, CheckedDispatcher.SOURCE);
        CheckedDispatcher.checkedCommands();
        byte[] after = message.encodeAsBytes("udp");
        assertThat(body(after)).isEqualTo(result.body().orElseGet(() -> body(before)));
        return outcome(result);
    }

    private String pkts(byte[] bytes) {
        PktsResult used;
        try {
            var message = PktsMediaProxy.frame(bytes);
            used = pkts.useMediaProxy(message, CheckedDispatcher.SOURCE);
        } catch (SipSyntaxException | SipParseException e) {
            return "not read";
        }
        CheckedDispatcher.checkedCommands();
        used.result()
                .body()
                .ifPresent(body ->
                        assertThat(body(used.message().toBuffer().getArray())).isEqualTo(body));
        return outcome(used.result());
    }

    private static String explain(byte[] bytes) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = run(new ByteArrayOutputStream(), err, bytes, "explain", "-");
        assertThat(err.toString(UTF_8).lines().count()).isEqualTo(exitCode == 0 ? 0 : 1);
        return "exit code " + exitCode;
    }

    private static String pcap(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(run(out, new ByteArrayOutputStream(), capture(bytes), "pcap", "--json", "-"))
                .isZero();
        JsonNode totals = new ObjectMapper().readTree(out.toByteArray()).path("totals");
        if (totals.path("messages_rewritten").asInt() > 0) {
            return "rewritten";
        }
        if (totals.path("messages_failed").asInt() > 0) {
            return "failed";
        }
        if (totals.path("calls").asInt() > 0) {
            return "call without relay";
        }
        return totals.path("sip_messages").asInt() > 0
                ? "outside calls"
                : totals.path("not_sip").asInt() > 0 ? "not SIP" : "skipped";
    }

    /** A capture with the message in one packet of IPv4, without checksums. */
    private static byte[] capture(byte[] message) {
        int length = 28 + message.length;
        return ByteBuffer.allocate(40 + length)
                .putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(228) // IPv4
                .putLong(0)
                .putInt(length)
                .putInt(length)
                .putShort((short) 0x4500)
                .putShort((short) length)
                .putInt(0)
                .putInt(0x4011_0000)
                .putInt(0xc6336407)
                .putInt(0xc0000201)
                .putShort((short) 5060)
                .putShort((short) 5060)
                .putShort((short) (8 + message.length))
                .putShort((short) 0)
                .put(message)
                .array();
    }

    private static int run(ByteArrayOutputStream out, ByteArrayOutputStream err, byte[] input, String... arguments) {
        Console console = new Console(
                new ByteArrayInputStream(input), new StandardOutput(out, UTF_8), new PrintStream(err, false, UTF_8));
        CommandLine command = MediaProxyCommand.commandLine(console)
                .setOut(new PrintWriter(console.out(), true, UTF_8))
                .setErr(new PrintWriter(console.err(), true, UTF_8));
        return MediaProxyCommand.execute(command, console, arguments);
    }

    private String proxy(byte[] bytes) {
        Forwarding decision =
                proxy.forward(bytes, 0, bytes.length, new InetSocketAddress(CheckedDispatcher.SOURCE, 5060));
        if (decision instanceof Forwarding.Answered answered) {
            String response = new String(answered.response().array(), UTF_8);
            return code(response.substring("SIP/2.0 ".length(), response.indexOf('\r')));
        }
        if (decision instanceof Forwarding.Dropped dropped) {
            return "dropped: " + dropped.why();
        }
        return decision instanceof Forwarding.Stray ? "dropped: a stray response" : "forwarded";
    }
}
