package io.mediaproxy.benchmarks.sip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A proxy that calls are sent through, as a command to start. */
enum Contestant {
    KAMAILIO("kamailio") {
        @Override
        List<String> command(Path folder, int listen, int next, Path socket) throws IOException {
            return kamailio(CORES, folder, listen, next, socket);
        }

        @Override
        boolean isInstalled() throws InterruptedException {
            return hasKamailio();
        }
    },
    /** A child that waits for the dispatcher does nothing else, so that more of them than cores hold more calls. */
    KAMAILIO_TWICE("kamailio, two children a core") {
        @Override
        List<String> command(Path folder, int listen, int next, Path socket) throws IOException {
            return kamailio(2 * CORES, folder, listen, next, socket);
        }

        @Override
        boolean isInstalled() throws InterruptedException {
            return hasKamailio();
        }
    },
    PKTS("mediaproxy, pkts") {
        @Override
        List<String> command(Path folder, int listen, int next, Path socket) {
            return ours("pkts", listen, next, socket);
        }
    },
    JAIN_SIP("mediaproxy, JAIN-SIP") {
        @Override
        List<String> command(Path folder, int listen, int next, Path socket) {
            return ours("jainsip", listen, next, socket);
        }
    };

    private static final String LOCAL = "127.0.0.1:";
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    final String title;

    Contestant(String title) {
        this.title = title;
    }

    /**
     * What starts it in the foreground.
     *
     * @param folder for files of its own
     * @param listen its port
     * @param next the port that all calls go on to
     * @param socket the dispatcher's
     */
    abstract List<String> command(Path folder, int listen, int next, Path socket) throws IOException;

    boolean isInstalled() throws InterruptedException {
        return true;
    }

    private static List<String> kamailio(int children, Path folder, int listen, int next, Path socket)
            throws IOException {
        String template = Files.readString(Path.of("benchmarks", "sip", "kamailio.cfg"));
        Path config = Files.writeString(
                folder.resolve("kamailio.cfg"),
                template.replace("@LISTEN@", LOCAL + listen)
                        .replace("@NEXT@", LOCAL + next)
                        .replace("@SOCKET@", socket.toString())
                        .replace("@CHILDREN@", String.valueOf(children)));
        return List.of("kamailio", "-DD", "-E", "-f", config.toString(), "-Y", folder.toString());
    }

    private static boolean hasKamailio() throws InterruptedException {
        try {
            return new ProcessBuilder("kamailio", "-v")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private static List<String> ours(String stack, int listen, int next, Path socket) {
        return List.of(
                Path.of("mediaproxy").toAbsolutePath().toString(),
                "proxy",
                "--stack",
                stack,
                "--listen",
                LOCAL + listen,
                "--next",
                LOCAL + next,
                "--socket",
                socket.toString());
    }
}
