package io.mediaproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java code, the commands and the links in the documents are valid. */
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("mediaproxy.root", ".."));

    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w+)\n(.*?)^ *```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    /** In front of each block; its names are those of the SDK, the stacks and the JDK. */
    private static final String IMPORTS = Stream.of(
                    "io.mediaproxy.embedded.*",
                    "io.mediaproxy.embedded.report.*",
                    "io.mediaproxy.jainsip.*",
                    "io.mediaproxy.junit.*",
                    "io.mediaproxy.pkts.*",
                    "io.mediaproxy.protocol.*",
                    "io.mediaproxy.protocol.backchannel.*",
                    "io.mediaproxy.sdp.*",
                    "io.mediaproxy.session.*",
                    "io.mediaproxy.session.sip.*",
                    "io.pkts.packet.sip.SipMessage",
                    "java.nio.charset.StandardCharsets",
                    "java.nio.file.Path",
                    "java.time.Duration",
                    "java.util.*",
                    "java.util.concurrent.ConcurrentHashMap",
                    "javax.sip.*",
                    "javax.sip.address.SipURI",
                    "javax.sip.header.FromHeader",
                    "javax.sip.message.*",
                    "org.junit.jupiter.api.Test",
                    "org.junit.jupiter.api.extension.RegisterExtension")
            .map(name -> "import " + name + "; ")
            .reduce("", String::concat);

    private record Block(Path document, String language, int line, String text) {}

    /** The members of a class, from one block. */
    private static final class Snippet extends SimpleJavaFileObject {
        private final Block block;
        private final String code;

        Snippet(int number, Block block) {
            super(URI.create("string:///Snippet" + number + ".java"), Kind.SOURCE);
            this.block = block;
            this.code = IMPORTS + "class Snippet" + number + " {\n" + block.text() + "}\n";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }

    @Test
    void shouldCompileEachBlockOfJava(@TempDir Path classes) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        for (Block block : blocks("java")) {
            if (!block.text().startsWith("module ")) { // examples/outside/check.sh compiles these
                snippets.add(new Snippet(snippets.size(), block));
            }
        }
        assertThat(snippets).hasSizeGreaterThan(10);

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        compiler.getTask(
                        null,
                        null,
                        problems,
                        List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        snippets)
                .call();

        assertThat(problems.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                        .map(DocumentationTest::describe))
                .isEmpty();
    }

    @Test
    void shouldOnlyShowCommandsThatTheCommandLineAccepts() throws IOException {
        int commands = 0;
        for (Block block : blocks("sh")) {
            for (String line : block.text().split("\n", -1)) {
                String command = line.strip().replaceFirst(" +[#|] .*", "");
                if (command.startsWith("./mediaproxy ")) {
                    String[] arguments = command.split(" +", -1);
                    parse(Stream.of(arguments).skip(1).toArray(String[]::new));
                    commands++;
                }
            }
        }
        assertThat(commands).isGreaterThan(3);
    }

    @Test
    void shouldLinkOnlyToWhatExists() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!link.group(1).contains("://") && !exists(document, link.group(1))) {
                    dead.add(document + ": " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static void parse(String... arguments) {
        Console console = new Console(
                InputStream.nullInputStream(),
                new StandardOutput(OutputStream.nullOutputStream(), StandardCharsets.UTF_8),
                System.err);
        MediaProxyCommand.commandLine(console).parseArgs(arguments);
    }

    private static String describe(Diagnostic<? extends JavaFileObject> problem) {
        if (!(problem.getSource() instanceof Snippet snippet)) {
            return problem.toString();
        }
        long line = snippet.block.line() + problem.getLineNumber() - 1;
        return snippet.block.document() + ":" + line + ": " + problem.getMessage(Locale.ROOT);
    }

    /** Whether a link leads to a file, and to a heading in it if the link names one. */
    private static boolean exists(Path document, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? document : document.resolveSibling(path);
        return Files.exists(target)
                && (hash < 0 || anchors(Files.readString(target)).contains(link.substring(hash + 1)));
    }

    /** The anchors that GitHub gives to headings. */
    private static List<String> anchors(String text) {
        return HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<Block> blocks(String language) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                int line = 1
                        + (int) text.substring(0, block.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                if (block.group(2).equals(language)) {
                    blocks.add(new Block(document, language, line, block.group(3)));
                }
            }
        }
        return blocks;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("benchmarks"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }
}
