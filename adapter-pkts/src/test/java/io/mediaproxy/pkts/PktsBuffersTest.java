package io.mediaproxy.pkts;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.MediaProxy;
import io.mediaproxy.session.MediaProxyResult;
import io.mediaproxy.session.Outcome;
import io.mediaproxy.testing.ScriptedDispatcher;
import io.pkts.buffer.BoundedInputStreamBuffer;
import io.pkts.buffer.Buffer;
import io.pkts.buffer.Buffers;
import io.pkts.buffer.ByteBuffer;
import io.pkts.buffer.InputStreamBuffer;
import io.pkts.packet.sip.SipMessage;
import io.pkts.packet.sip.impl.SipMessageStreamBuilder;
import io.pkts.packet.sip.impl.SipMessageStreamBuilder.DefaultConfiguration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where pkts keeps the bytes of a message, and that they are only read. */
class PktsBuffersTest {
    private static final String SOURCE = "198.51.100.7";
    private static final byte POISON = '%';
    private static final String SDP =
            "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 5012 RTP/AVP 0\r\n";
    private static final String INVITE = invite(SDP);
    private static final String REWRITTEN =
            invite(SDP.replace("c=IN IP4 10.0.0.1", "c=IN IP4 81.23.228.129").replace("5012", "50000"));

    private final ScriptedDispatcher dispatcher = ScriptedDispatcher.answering();
    private final MediaProxy mediaProxy =
            MediaProxy.builder().dispatcherSocket(dispatcher.socket()).build();
    private final PktsMediaProxy pkts = new PktsMediaProxy(mediaProxy);

    PktsBuffersTest() {
        dispatcher.answer("81.23.228.129 50000\r\n");
    }

    @AfterEach
    void stop() {
        mediaProxy.close();
        dispatcher.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 1500})
    void shouldOnlyReadAMessageInThePartOfALargerArray(int before) throws IOException {
        byte[] message = bytes(INVITE);
        byte[] array = new byte[before + message.length + 2000];
        Arrays.fill(array, POISON);
        System.arraycopy(message, 0, array, before, message.length);
        byte[] copy = array.clone();
        SipMessage invite = SipMessage.frame(Buffers.wrap(array, before, before + message.length));

        SipMessage used = pkts.useMediaProxy(invite, SOURCE).message();

        assertThat(used.toBuffer()).hasToString(REWRITTEN);
        assertThat(array).isEqualTo(copy);
        Arrays.fill(array, POISON); // as a server does that reads the next datagram
        assertThat(used.toBuffer()).hasToString(REWRITTEN);
        assertThat(used.getFromHeader().getTag()).hasToString("alice");
    }

    @Test
    void shouldReadTheBodyInPlace() throws IOException {
        byte[] array = bytes("more" + INVITE + "more");
        SipMessage invite = SipMessage.frame(Buffers.wrap(array, 4, array.length - 4));

        PktsMessageView view = new PktsMessageView(invite, SOURCE);

        assertThat(view.bodyArray()).isSameAs(array);
        assertThat(view.bodyOffset()).isEqualTo(4 + INVITE.length() - SDP.length());
        assertThat(view.bodyLength()).isEqualTo(SDP.length());
    }

    @Test
    void shouldLeaveTheReaderIndexesOfTheMessageAlone() throws IOException {
        SipMessage invite = SipMessage.frame(bytes(INVITE));
        Buffer firstLine = invite.getContent().readLine(); // another reader has begun to read the body

        SipMessage used = pkts.useMediaProxy(invite, SOURCE).message();

        assertThat(firstLine).hasToString("v=0");
        assertThat(used.toBuffer()).hasToString(REWRITTEN);
        assertThat(used.toBuffer().getReaderIndex()).isZero();
        assertThat(used.getContent().getReaderIndex()).isZero();
        assertThat(invite.toBuffer()).hasToString(INVITE);
        assertThat(invite.getContent()).hasToString(SDP.substring("v=0\r\n".length()));
    }

    @Test
    void shouldRewriteMessagesFromAStreamWithOthersAfterThem() {
        SipMessageStreamBuilder stream = new SipMessageStreamBuilder(new DefaultConfiguration());
        assertThat(stream.process(bytes("\r\n\r\n" + INVITE + INVITE.substring(0, 100))))
                .isTrue();
        SipMessage first = stream.build();
        assertThat(stream.process(bytes(INVITE.substring(100)))).isTrue();
        SipMessage second = stream.build();

        for (SipMessage invite : List.of(first, second)) {
            assertThat(pkts.useMediaProxy(invite, SOURCE).message().toBuffer()).hasToString(REWRITTEN);
            assertThat(invite.toBuffer()).hasToString(INVITE);
        }
    }

    @Test
    void shouldRewriteAMessageFramedFromAStream() throws IOException {
        Buffer stream = streamOf(INVITE);
        assertThat(stream.readBytes(INVITE.length())).isNotNull();
        stream.setReaderIndex(0);

        SipMessage used = pkts.useMediaProxy(SipMessage.frame(stream), SOURCE).message();

        assertThat(used.toBuffer()).isInstanceOf(ByteBuffer.class).hasToString(REWRITTEN);
    }

    @Test
    void shouldNotRepairATruncatedMessage() throws IOException {
        SipMessage datagram = SipMessage.frame(bytes(INVITE.substring(0, INVITE.length() - 1)));
        SipMessage stream = SipMessage.frame(streamOf(INVITE)); // pkts takes what it happens to have read by then

        for (SipMessage cut : List.of(datagram, stream)) {
            PktsResult used = pkts.useMediaProxy(cut, SOURCE);

            assertThat(used.message()).isSameAs(cut);
            assertThat(used.result().reason())
                    .isEqualTo("Content-Length is " + SDP.length() + ", but "
                            + cut.getContent().getReadableBytes() + " bytes follow (line 8, offset "
                            + (INVITE.indexOf("Content-Length:") + 15) + ")");
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    @Test
    void shouldCopyFromABufferThatHasNoArray() throws IOException {
        Buffer stream = streamOf("??" + INVITE);
        assertThat(stream.readBytes(2 + INVITE.length())).isNotNull();
        stream.setReaderIndex(2);
        assertThat(stream.getArray()).isNull();

        SipMessage used = pkts.useMediaProxy(keptIn(stream), SOURCE).message();

        assertThat(used.toBuffer()).isInstanceOf(ByteBuffer.class).hasToString(REWRITTEN);
        assertThat(stream.getReaderIndex()).isEqualTo(2);
    }

    @Test
    void shouldFailClearlyIfABufferCannotBeRead() throws IOException {
        SipMessage invite = keptIn(new BoundedInputStreamBuffer(new ByteArrayInputStream(bytes(INVITE))));
        SipMessage empty = keptIn(Buffers.EMPTY_BUFFER);

        for (SipMessage unreadable : List.of(invite, empty)) {
            PktsResult used = pkts.useMediaProxy(unreadable, SOURCE);
            MediaProxyResult ended = pkts.endMediaSession(unreadable);

            assertThat(used.message()).isSameAs(unreadable);
            assertThat(List.of(used.result().outcome(), ended.outcome())).containsOnly(Outcome.FAILED);
            assertThat(used.result().failure()).isPresent();
        }
        assertThat(dispatcher.commands()).isEmpty();
    }

    /** Another implementation of a message: like that of pkts, except for its buffer. */
    private static SipMessage keptIn(Buffer buffer) throws IOException {
        SipMessage message = SipMessage.frame(bytes(INVITE));
        return (SipMessage) Proxy.newProxyInstance(
                SipMessage.class.getClassLoader(), new Class<?>[] {SipMessage.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("toBuffer") ? buffer : method.invoke(message, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Buffer streamOf(String text) {
        return new InputStreamBuffer(new ByteArrayInputStream(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String invite(String sdp) {
        return "INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\n"
                + "From: <sip:alice@a.example>;tag=alice\r\nTo: <sip:bob@b.example>\r\n"
                + "Call-ID: c1\r\nCSeq: 1 INVITE\r\n"
                + "Content-Type: application/sdp\r\nContent-Length: " + sdp.length() + "\r\n\r\n" + sdp;
    }
}
