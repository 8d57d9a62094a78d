package io.mediaproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.slf4j.Logger;

/** A user with a {@code module-info.java}. */
class ModulePathTest {
    private static Path origin(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static List<Path> atRunTime() throws URISyntaxException, ClassNotFoundException {
        List<Path> path = new ArrayList<>();
        for (Class<?> type : List.of(
                DispatcherClient.class,
                AFUNIXSocketAddress.class,
                Class.forName("org.newsclub.lib.junixsocket.common.NarMetadata"),
                JsonFactory.class,
                Logger.class)) {
            path.add(origin(type));
        }
        return path;
    }

    @Test
    void shouldResolveTheNativeLibraryAndNoAnnotations() throws Exception {
        ModuleFinder finder = ModuleFinder.of(atRunTime().toArray(Path[]::new));

        Configuration resolved =
                ModuleLayer.boot().configuration().resolve(finder, ModuleFinder.of(), Set.of("io.mediaproxy.protocol"));

        assertThat(resolved.modules())
                .extracting(ResolvedModule::name)
                .contains("com.kohlschutter.junixsocket.nativecommon")
                .doesNotContain("org.jspecify");
    }

    @Test
    void shouldCompileWithTheDependenciesOfThePom(@TempDir Path directory) throws Exception {
        List<Path> path = atRunTime();
        path.add(origin(NullMarked.class));

        assertThat(compile(directory, path)).isEmpty();
    }

    /** Returns the compiler's output; all warnings are errors. */
    private static String compile(Path directory, List<Path> modulePath) throws IOException {
        Path module = Files.writeString(
                directory.resolve("module-info.java"), "module user { requires io.mediaproxy.protocol; }");
        Path code = Files.writeString(
                directory.resolve("User.java"),
                "package user; class User { Object reply(io.mediaproxy.protocol.DispatcherClient client,"
                        + " io.mediaproxy.protocol.UpdateCommand command) { return client.update(command); } }");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options = List.of(
                "--module-path",
                modulePath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                "-d",
                directory.toString(),
                "-Xlint:all",
                "-Werror");
        boolean compiled = compiler.getTask(
                        output,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(module, code))
                .call();
        return compiled ? output.toString() : "failed: " + output;
    }
}
