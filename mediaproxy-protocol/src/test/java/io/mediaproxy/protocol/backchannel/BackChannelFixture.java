package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Fixture for tests of the back channel: a directory for sockets, the dispatcher's socket, and a listener that knows
 * some dialogs.
 */
abstract class BackChannelFixture {
    static final long PATIENCE_SECONDS = 20;

    final Set<String> known = ConcurrentHashMap.newKeySet();
    final BlockingQueue<String> lookedUp = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    Path directory;
    Path socket;
    RequestSender dispatcher;

    @BeforeEach
    final void makeSockets() throws IOException {
        directory = Files.createTempDirectory("back-channel");
        socket = directory.resolve("socket");
        dispatcher = sender("opensips.sock");
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    final BackChannelConfig.Builder config() {
        return BackChannelConfig.builder(socket)
                .threadName(directory.getFileName().toString());
    }

    /** Opens a back channel with a listener that knows {@link #known}. */
    final BackChannel open() {
        return open(config(), dialogId -> {
            lookedUp.add(dialogId);
            return known.contains(dialogId) ? Optional.of(() -> ended.add(dialogId)) : Optional.empty();
        });
    }

    final BackChannel open(BackChannelConfig.Builder config, MediaTimeoutListener listener) {
        return closing(BackChannel.open(config.build(), listener));
    }

    final RequestSender sender(String name) throws IOException {
        return closing(RequestSender.bound(directory.resolve(name), socket));
    }

    final <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    final String nextEnded() throws InterruptedException {
        String dialogId = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (dialogId == null) {
            throw new AssertionError("no dialog was ended");
        }
        return dialogId;
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing came in " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    final List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith(directory.getFileName().toString()))
                .toList();
    }
}
