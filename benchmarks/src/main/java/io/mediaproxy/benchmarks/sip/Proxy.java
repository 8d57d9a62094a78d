package io.mediaproxy.benchmarks.sip;

import io.mediaproxy.benchmarks.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A proxy in the comparison.
 *
 * @param variant the number of Kamailio's children, or our stack
 * @param overloaded whether it takes part in the overload
 */
record Proxy(String title, String program, String variant, boolean overloaded) {
    private static final String KAMAILIO = "kamailio";
    private static final String OURS = "java";
    private static final String LOCAL = "127.0.0.1:";
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    /** A child of Kamailio waits for the dispatcher, so more children than cores hold more calls. */
    static final List<Proxy> ALL = List.of(
            new Proxy("kamailio", KAMAILIO, String.valueOf(CORES), false),
            new Proxy("kamailio, two children a core", KAMAILIO, String.valueOf(2 * CORES), true),
            new Proxy("mediaproxy, pkts", OURS, "pkts", true),
            new Proxy("mediaproxy, JAIN-SIP", OURS, "jainsip", true));

    boolean isInstalled() {
        return RunningProcess.isInstalled(program);
    }

    /** Starts it with files in a folder, and waits until it listens; it forwards all calls to the port {@code next}. */
    RunningProcess start(Path folder, int listen, int next, Path socket) throws IOException, InterruptedException {
        List<String> command = program.equals(KAMAILIO)
                ? List.of("kamailio", "-DD", "-E", "-f", config(folder, listen, next, socket), "-Y", folder.toString())
                : List.of(
                        Path.of("mediaproxy").toAbsolutePath().toString(),
                        "proxy",
                        "--stack=" + variant,
                        "--listen=" + LOCAL + listen,
                        "--next=" + LOCAL + next,
                        "--socket=" + socket);
        return RunningProcess.onPort(folder, "proxy", listen, command);
    }

    private String config(Path folder, int listen, int next, Path socket) throws IOException {
        String template = Files.readString(Path.of("benchmarks", "sip", "kamailio.cfg"));
        String config = template.replace("@LISTEN@", LOCAL + listen)
                .replace("@NEXT@", LOCAL + next)
                .replace("@SOCKET@", socket.toString())
                .replace("@CHILDREN@", variant);
        return Files.writeString(folder.resolve("kamailio.cfg"), config).toString();
    }
}
