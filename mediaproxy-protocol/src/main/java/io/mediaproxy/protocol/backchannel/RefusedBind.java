package io.mediaproxy.protocol.backchannel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Explains why the system refused to bind a socket, and what to do. Thread-safe. */
final class RefusedBind {
    private RefusedBind() {}

    /** Returns the reason, with the command that removes it if that is known. */
    static String explain(Path socket, IOException refusal) {
        Path parent = socket.toAbsolutePath().getParent();
        if (parent == null) {
            return "the system refused";
        }
        String user = Access.ofThisProcess().map(Access::owner).orElse("USER");
        String group = Access.ofThisProcess().map(Access::group).orElse("GROUP");
        if (!Files.exists(parent)) {
            return "the directory " + parent
                    + " does not exist or cannot be read; create it with 'install -d -m 0750 -o "
                    + user + " -g " + group + ' ' + parent + "', and for each boot with the line 'd " + parent
                    + " 0750 " + user + ' ' + group + " -' in a file of /etc/tmpfiles.d";
        }
        if (!Files.isWritable(parent)) {
            return "permission denied: user " + user + ", group " + group + " cannot write to " + parent + " ("
                    + accessOf(parent) + ')';
        }
        return "the system refused: " + refusal.getMessage();
    }

    private static String accessOf(Path path) {
        try {
            return Access.of(path).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "owner unknown";
        }
    }
}
