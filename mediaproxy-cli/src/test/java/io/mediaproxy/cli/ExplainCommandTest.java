package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxyReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
    private static final byte[] OFFER = String.join(
                    "\r\n",
                    "v=0",
                    "o=- 1 1 IN IP4 10.0.0.10",
                    "s=-",
                    "c=IN IP4 10.0.0.10",
                    "t=0 0",
                    "m=audio 40000 RTP/AVP 0",
                    "a=ice-ufrag:abcd",
                    "a=ice-pwd:abcdefghijklmnopqrstuv",
                    "a=candidate:1 1 UDP 2130706431 10.0.0.10 40000 typ host",
                    "")
            .getBytes(StandardCharsets.UTF_8);

    @Test
    void shouldPrintTheEditsAsAlignedColumnsAndTheOutcome() {
        Ran ran = explain("--reply=81.23.228.129 50000", "--ice-candidate=low-priority");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out().lines())
                .containsExactly(
                        "line  before     after                                         why",
                        "   4  10.0.0.10  81.23.228.129                                 media of the session goes to "
                                + "the relay",
                        "   6  40000      50000                                         the relay's RTP port for this "
                                + "stream",
                        "   9  (added)    a=candidate:R81e41751 1 UDP 16777215 81.2...  offers the relay to ICE",
                        "",
                        "use_media_proxy returns 1: relay 81.23.228.129 50000",
                        "streams in the command to the dispatcher: audio:10.0.0.10:40000:sendrecv:ice=yes");
    }

    @Test
    void shouldNameTheParameterThatHidesTheRelayFromIce() {
        assertThat(explain("--reply=81.23.228.129 50000").out().lines())
                .contains("use_media_proxy returns 1: relay 81.23.228.129 50000; ice_candidate none: ICE does not know "
                        + "the relay");
    }

    @Test
    void shouldShowTheWholeCommandWhenAsked() {
        assertThat(explain("--reply=81.23.228.129 50000", "--show-command")
                        .out()
                        .lines())
                .containsSubsequence(
                        "streams in the command to the dispatcher: audio:10.0.0.10:40000:sendrecv:ice=yes",
                        "",
                        "  update",
                        "  type: request",
                        "  media: audio:10.0.0.10:40000:sendrecv:ice=yes");
    }

    @Test
    void shouldGiveTheReasonWhenThereIsNothingToDo() {
        Ran ran = mediaproxyReading(
                "BYE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 2 BYE\r\n\r\n".getBytes(StandardCharsets.UTF_8),
                "explain",
                "-");

        assertThat(ran)
                .isEqualTo(new Ran(
                        0,
                        String.join(
                                System.lineSeparator(),
                                "use_media_proxy returns -2: the message has no SDP",
                                "no command to the dispatcher",
                                ""),
                        ""));
    }

    @Test
    void shouldExitWithOneAndGiveTheReasonOnce() {
        Ran ran = explain("--reply=None");

        assertThat(ran.exitCode()).isOne();
        assertThat(ran.out())
                .isEqualTo("streams in the command to the dispatcher: audio:10.0.0.10:40000:sendrecv:ice=yes"
                        + System.lineSeparator());
        assertThat(ran.err())
                .startsWith("mediaproxy: use_media_proxy returns -1: the dispatcher answered None")
                .hasLineCount(1);
    }

    @Test
    void shouldWriteTheSameAsJson() throws Exception {
        Ran ran = explain("--json", "--reply=81.23.228.129 50000");

        JsonNode json = new ObjectMapper().readTree(ran.out());
        assertThat(json.get("outcome").textValue()).isEqualTo("REWRITTEN");
        assertThat(json.get("return_code").intValue()).isOne();
        assertThat(json.get("relay").textValue()).isEqualTo("81.23.228.129 50000");
        assertThat(json.get("media").textValue()).isEqualTo("audio:10.0.0.10:40000:sendrecv:ice=yes");
        assertThat(json.get("command").textValue()).startsWith("update\r\n").endsWith("\r\n\r\n");
        assertThat(json.get("edits")).hasSize(2);
        assertThat(json.at("/edits/0/line").intValue()).isEqualTo(4);
        assertThat(json.at("/edits/0/after").textValue()).isEqualTo("81.23.228.129");
        assertThat(json.at("/edits/1/why").textValue()).isEqualTo("the relay's RTP port for this stream");
    }

    private static Ran explain(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "explain";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[options.length + 1] = "-";
        return mediaproxyReading(OFFER, arguments);
    }
}
