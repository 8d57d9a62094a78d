package io.mediaproxy.cli;

import static io.mediaproxy.cli.Ran.mediaproxy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ShellSupportTest {
    @Test
    @EnabledOnOs(OS.LINUX) // has bash
    void shouldCompleteCommandsAndOptionsInBash() throws Exception {
        String script = mediaproxy("completion").out()
                + "\nCOMP_WORDS=(mediaproxy pr) COMP_CWORD=1; _complete_mediaproxy; echo \"${COMPREPLY[@]}\""
                + "\nCOMP_WORDS=(mediaproxy proxy --adv) COMP_CWORD=2; _complete_mediaproxy;"
                + " echo \"${COMPREPLY[@]}\"\n";
        Process bash = new ProcessBuilder("bash")
                .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt works only while bash completes
                .start();
        bash.outputWriter(StandardCharsets.UTF_8).append(script).close();
        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.lines()).containsExactly("proxy", "--advertise");
    }

    @Test
    void shouldDescribeAllCommandsAndOptionsInTheManualPage() {
        String page = mediaproxy("man-page").out();

        assertThat(page.lines())
                .startsWith(".TH MEDIAPROXY 1", ".ad l", ".SH NAME")
                .contains(".SH MEDIAPROXY PROXY", ".SH MEDIAPROXY MAN\\-PAGE", ".B \\-\\-advertise=ADDRESS")
                .noneMatch(line -> line.contains("${"));
    }
}
