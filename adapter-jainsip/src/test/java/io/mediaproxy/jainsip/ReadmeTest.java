package io.mediaproxy.jainsip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mediaproxy.session.MediaProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sip.message.Message;
import org.junit.jupiter.api.Test;

/** The README's quickstart compiles: it stands here, letter by letter. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path THIS = Path.of("src", "test", "java", "io", "mediaproxy", "jainsip", "ReadmeTest.java");

    @SuppressWarnings("unused")
    private static final class Quickstart {
        private final MediaProxy mediaProxy = MediaProxy.builder().build(); // at /run/mediaproxy/dispatcher.sock
        private final JainSipMediaProxy media = new JainSipMediaProxy(mediaProxy);

        /** Every message that goes on: offers and answers get the relay, all others pass. */
        void beforeForwarding(Message message, String sourceAddress) {
            media.useMediaProxy(message, sourceAddress);
        }

        /** The message that ends a call, once: BYE, CANCEL, or the failure of its first INVITE. */
        void whenTheCallEnds(Message message) {
            media.endMediaSession(message);
        }
    }

    @Test
    void shouldShowCodeThatCompilesInAtMostFifteenLines() throws IOException {
        String readme = Files.readString(README);
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String quickstart = readme.substring(start, readme.indexOf("```", start));

        assertThat(quickstart.lines()).hasSizeLessThanOrEqualTo(15);
        assertThat(Files.readString(THIS)).contains(quickstart.indent(8).replaceAll("(?m)^ +$", ""));
    }
}
