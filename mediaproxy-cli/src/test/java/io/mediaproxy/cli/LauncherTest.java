package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code mediaproxy} in a temporary repository, with a {@code java} and a {@code mvn} that only report that
 * they ran.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "mediaproxy");
    private static final List<String> TOOLS =
            List.of("bash", "env", "dirname", "readlink", "sed", "find", "mktemp", "touch", "rm", "mv", "mkdir", "tee");

    private record Run(int exitCode, String out, String err) {}

    private final Map<String, String> environment = new HashMap<>();
    private Path temporary;
    private Path root;
    private Path bin;

    @BeforeEach
    void layOutARepository(@TempDir Path folder) throws IOException {
        temporary = folder;
        root = Files.createDirectories(temporary.resolve("a repository"));
        bin = Files.createDirectories(temporary.resolve("bin"));
        Files.copy(SCRIPT, root.resolve("mediaproxy"));
        assertThat(root.resolve("mediaproxy").toFile().setExecutable(true)).isTrue();
        Files.createDirectories(root.resolve("mediaproxy-cli/src/main/java"));
        Files.createDirectories(root.resolve("mediaproxy-sdp/src/main/java"));
        Files.createDirectories(root.resolve("examples/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("mediaproxy-sdp/src/main/java/Some.java"), "");
        Files.writeString(root.resolve("examples/src/main/java/Some.java"), "");
        for (String tool : TOOLS) {
            program(tool, "exec " + find(tool) + " \"$@\"");
        }
        javaOfVersion("17");
        program(
                "mvn",
                "echo \"$PWD $*\" >> ../mvn.log; mkdir -p mediaproxy-cli/target; touch "
                        + "mediaproxy-cli/target/mediaproxy.jar");
    }

    @Test
    void shouldBuildOnceAndPassTheArguments() throws Exception {
        Run first = run(root.resolve("mediaproxy"), "explain", "two words");
        Run second = run(root.resolve("mediaproxy"), "demo");

        Path jar = root.toRealPath().resolve("mediaproxy-cli/target/mediaproxy.jar");
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).isEqualTo("[-jar][" + jar + "][explain][two words]\n");
        assertThat(first.err()).startsWith("mediaproxy: building the command; ").hasLineCount(2);
        assertThat(second).isEqualTo(new Run(0, "[-jar][" + jar + "][demo]\n", ""));
        assertThat(Files.readAllLines(temporary.resolve("mvn.log")))
                .containsExactly(root.toRealPath() + " -B -Pquick -Dstyle.color=never -pl mediaproxy-cli -am"
                        + " resources:resources compiler:compile jar:jar shade:shade@runnable");
    }

    @Test
    void shouldShowEachModuleAndWhatWasDownloaded() throws Exception {
        program("mvn", """
                echo '[INFO] Scanning for projects...'
                echo '[INFO] Downloading from here: some.pom'
                echo '[INFO] Downloaded from here: some.pom (1.2 kB at 3 kB/s)'
                echo 'Downloaded from here: some.jar (1.2 kB at 3 kB/s)'
                echo
                echo '[INFO] Building mediaproxy SDP 0.1.0-SNAPSHOT    [2/9]'
                echo '[WARNING] not of interest'
                mkdir -p mediaproxy-cli/target
                touch mediaproxy-cli/target/mediaproxy.jar""");

        assertThat(run(root.resolve("mediaproxy"), "demo").err().lines().skip(1))
                .containsExactly(
                        "  [2/9] mediaproxy SDP",
                        "  downloaded 2 files",
                        "mediaproxy: preparing faster starts with this Java; a few seconds, once");
        assertThat(root.resolve("target/command-build.log")).content().contains("not of interest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mediaproxy-sdp", "examples"})
    void shouldBuildAgainWhenASourceOfAnyModuleIsNewer(String module) throws Exception {
        run(root.resolve("mediaproxy"));
        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(root.resolve(module + "/src/main/java/Some.java"), later);

        assertThat(run(root.resolve("mediaproxy")).err()).startsWith("mediaproxy: building ");
    }

    @Test
    void shouldFindItsRepositoryThroughSymbolicLinks() throws Exception {
        Files.createDirectories(temporary.resolve("links"));
        Path relative = Files.createSymbolicLink(temporary.resolve("links/one"), Path.of("../a repository/mediaproxy"));
        Path link = Files.createSymbolicLink(temporary.resolve("two"), relative);

        assertThat(run(link, "demo").out()).endsWith("/a repository/mediaproxy-cli/target/mediaproxy.jar][demo]\n");
    }

    @Test
    void shouldReportInOneLineWhatIsMissing() throws Exception {
        Path script = root.resolve("mediaproxy");
        Files.delete(bin.resolve("mvn"));
        assertThat(run(script))
                .isEqualTo(
                        new Run(1, "", "mediaproxy: Maven is required to build the command, but mvn was not found\n"));
        javaOfVersion("11");
        assertThat(run(script))
                .isEqualTo(new Run(1, "", "mediaproxy: Java 17 or newer is required, but java is version 11\n"));
        javaOfVersion("1.8");
        assertThat(run(script).err()).endsWith("java is version 1.8\n");
        Files.delete(bin.resolve("java"));
        assertThat(run(script))
                .isEqualTo(new Run(1, "", "mediaproxy: Java 17 or newer is required, but java was not found\n"));
    }

    @Test
    void shouldUseAnArchiveOfItsClassesThatItMakesOnce() throws Exception {
        java("17", "echo \"$*\" >> java.log; echo noise; echo archive > \"${1#*=}\"");
        Path script = root.resolve("mediaproxy");

        Run first = run(script, "explain");
        Run second = run(script, "explain");

        Path target = root.toRealPath().resolve("mediaproxy-cli/target");
        Path archive = target.resolve("mediaproxy-17.0.1+2_beta.jsa");
        assertThat(archive).hasContent("archive");
        assertThat(first.out())
                .isEqualTo("[-XX:SharedArchiveFile=" + archive + "][-Xlog:cds=off][-Xlog:cds+dynamic=off][-jar]["
                        + target.resolve("mediaproxy.jar") + "][explain]\n");
        assertThat(second).isEqualTo(new Run(0, first.out(), ""));
        assertThat(Files.readAllLines(temporary.resolve("java.log")))
                .singleElement()
                .asString()
                .matches("-XX:ArchiveClassesAtExit=.*jsa\\.[0-9]+ -jar .*mediaproxy\\.jar demo");
    }

    @Test
    void shouldMakeTheArchiveAgainForAnotherJarOrJvm() throws Exception {
        java("17", "echo made >> java.log; echo archive > \"${1#*=}\"");
        run(root.resolve("mediaproxy"));
        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(root.resolve("mediaproxy-cli/target/mediaproxy.jar"), later);
        run(root.resolve("mediaproxy"));
        java("25", "echo made >> java.log; echo archive > \"${1#*=}\"");
        run(root.resolve("mediaproxy"));

        assertThat(Files.readAllLines(temporary.resolve("java.log"))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "echo half an archive, on a full disk > \"${1#*=}\";"})
    void shouldDoWithoutAnArchiveThatCannotBeMade(String attempt) throws Exception {
        java("17", "echo tried >> java.log; echo noise >&2; " + attempt + " exit 1");

        Run first = run(root.resolve("mediaproxy"));
        Run second = run(root.resolve("mediaproxy"));

        assertThat(first.err()).doesNotContain("noise");
        assertThat(second.out()).startsWith("[-jar]").isEqualTo(first.out());
        assertThat(Files.readAllLines(temporary.resolve("java.log"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "proxy,                             -Xmx128m",
        "proxy --stack=pkts --next=jainsip, -Xmx128m",
        "proxy --stack=jainsip,             -Xmx256m",
        "proxy --stack jainsip --embedded,  -Xmx256m"
    })
    void shouldChooseTheHeapAndTheCollectorOfAProxy(String arguments, String heap) throws Exception {
        Run run = run(root.resolve("mediaproxy"), arguments.split(" ", -1));

        assertThat(run.out()).startsWith("[" + heap + "][-XX:+UseSerialGC][-jar]");
    }

    @Test
    void shouldLeaveTheJvmToTheUser() throws Exception {
        Path script = root.resolve("mediaproxy");
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx1g");
        assertThat(run(script, "proxy").out()).startsWith("[-jar]");

        environment.put("JAVA_OPTS", "-Xmx2g -ea");
        assertThat(run(script, "proxy").out()).startsWith("[-Xmx2g][-ea][-jar]");
        assertThat(run(script, "demo").out()).startsWith("[-Xmx2g][-ea][-jar]");
    }

    @Test
    void shouldStopWhenTheBuildFails() throws Exception {
        program("mvn", "echo 'one broken line' >&2; exit 1");

        Run run = run(root.resolve("mediaproxy"));
        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("one broken line\n")
                .endsWith("/target/command-build.log has all of its output\n");
    }

    /** A java that makes no archive, and prints the arguments that it was given. */
    private void javaOfVersion(String version) throws IOException {
        java(version, "exit 1");
    }

    private void java(String version, String archiving) throws IOException {
        program("java", """
                case $1 in
                    -XshowSettings:properties)
                        echo '    java.specification.version = %1$s' >&2
                        echo '    java.vm.version = %1$s.0.1+2 beta' >&2 ;;
                    -XX:ArchiveClassesAtExit=*) %2$s ;;
                    *) printf '[%%s]' "$@"; echo ;;
                esac""".formatted(version, archiving));
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!" + find("bash") + "\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path find(String tool) {
        return Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(tool + " is not in the PATH"));
    }

    private Run run(Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(temporary, "out", "");
        Path err = Files.createTempFile(temporary, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
