package io.mediaproxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** 100,000 engaged and answered calls fit in 256 MB of heap, with everything else that is in it. */
class DialogMemoryTest {
    private static final Pattern FIGURES = Pattern.compile("dialogs=(\\d+) answered=(\\d+) bytesPerDialog=(\\d+)");

    /** Always run, since these take more memory. */
    @Test
    void shouldFitDialogsWithABackChannelIntoASmallHeap(@TempDir Path directory)
            throws IOException, InterruptedException {
        measure("backchannel", 2300, directory);
    }

    @Test
    @EnabledIfSystemProperty(named = "mediaproxy.memory", matches = "all", disabledReason = "takes another ten seconds")
    void shouldFitDialogsIntoASmallHeap(@TempDir Path directory) throws IOException, InterruptedException {
        measure("plain", 1700, directory);
    }

    /** @param maxBytes a tenth above the figures in docs/architecture.md */
    private static void measure(String backChannel, long maxBytes, Path directory)
            throws IOException, InterruptedException {
        String output = SmallHeap.run(DialogMemory.class, 256, directory, directory.toString(), backChannel);
        Matcher figures = FIGURES.matcher(output);
        assertThat(figures.find()).as(output).isTrue();
        System.out.println("memory " + backChannel + ": " + figures.group());
        assertThat(Integer.parseInt(figures.group(1))).isGreaterThanOrEqualTo(DialogMemory.DIALOGS);
        assertThat(Integer.parseInt(figures.group(2))).isEqualTo(DialogMemory.DIALOGS);
        assertThat(Long.parseLong(figures.group(3))).isLessThan(maxBytes);
    }
}
